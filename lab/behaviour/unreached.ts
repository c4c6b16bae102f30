/** Requests that cannot have arrived are sent again to another pod, whatever they ask for. */
import { insist, type Claim } from '../claim';
import { type Mesh } from '../mesh/mesh';
import { sendMany } from '../mesh/send';
import { duringExperiment } from './experiment';
import { probeName, probesOf, type Probe } from './example';
import { requestOf } from './retries';

const REQUESTS = 40;

export function unreachedClaims(mesh: Mesh): Claim[] {
  return probesOf(mesh.environment)
    .filter(({ service: { retries } }) => retries.attempts > 0 && retries.on.includes('connect-failure'))
    .map((probe) => claim(mesh, probe));
}

function claim(mesh: Mesh, probe: Probe): Claim {
  const { service, edge } = probe;
  const write = edge.methods.find((method) => method !== 'GET' && method !== 'HEAD') ?? edge.methods[0];
  const absent = service.versions.map(({ workload }) => `${workload}-absent-0`);
  return {
    id: `retries/unreached-${service.name}`,
    title: `${write} to ${service.name} outlives a pod that is gone, and arrives once`,
    attempts: 3,
    prove: async () => {
      await Promise.all(absent.map((pod) => mesh.setEndpoint(pod, true)));
      try {
        return await duringExperiment(
          mesh,
          [],
          () => undefined,
          async ({ headers, seen }) => {
            const request = requestOf(mesh, probe, write);
            const caller = mesh.from(probeName(edge.caller));
            const replies = await sendMany(REQUESTS, 1, () =>
              caller.send({ ...request, headers: { ...request.headers, ...headers } }),
            );
            const failed = replies.filter(({ status }) => status !== 200);
            insist(
              failed.length === 0,
              `${failed.length} of ${REQUESTS} failed, the first by ${failed[0]?.status}`,
            );
            insist(seen().length === REQUESTS, `${REQUESTS} requests arrived ${seen().length} times`);
            const refused = await connectionsRefused(mesh, probe);
            insist(refused > 0, 'no request was sent to the pod that is gone, so nothing was shown');
            return {
              seen: `${REQUESTS} of ${REQUESTS} answered, each seen once; ${refused} connections refused`,
            };
          },
        );
      } finally {
        await Promise.all(absent.map((pod) => mesh.setEndpoint(pod, false)));
      }
    },
  };
}

async function connectionsRefused(mesh: Mesh, { service, edge }: Probe): Promise<number> {
  const name = service.name.replaceAll('-', '\\-');
  const stats = await mesh
    .proxy(probeName(edge.caller))
    .stats(new RegExp(`outbound\\|80\\|\\|${name}-v.*upstream_cx_connect_fail`));
  return [...stats.values()].reduce((sum, value) => sum + value, 0);
}
