/** Requests that cannot have arrived are sent again to another pod, whatever they ask for. */
import { poissonAtLeast } from '../../../model/poisson';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { sendMany } from '../mesh/send';
import { duringExperiment } from './experiment';
import { probeName, probesOf, type Probe } from './example';
import { requestOf } from './retries';

const REQUESTS = 40;
/**
 * Envoy chooses pods by chance. For a retry it chooses up to so many times until it has a pod that was not tried yet,
 * and then takes what it has, so a retry may meet the pod that is gone once more.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/retry/retry.go, HostSelectionRetryMaxAttempts
 */
const CHOICES_OF_A_RETRY = 6;
/** More failures than chance brings once in so many runs are no chance. */
const RUNS = 10_000;

export function unreachedTests(mesh: Mesh): LabTest[] {
  return probesOf(mesh.environment)
    .filter(({ service: { retries } }) => retries.attempts > 0 && retries.on.includes('connect-failure'))
    .map((probe) => labTest(mesh, probe));
}

function labTest(mesh: Mesh, probe: Probe): LabTest {
  const { service, edge } = probe;
  const write = edge.methods.find((method) => method !== 'GET' && method !== 'HEAD') ?? edge.methods[0];
  const absent = service.versions.map(({ workload }) => `${workload}-absent-0`);
  return {
    id: `retries/unreached-${service.name}`,
    title: `${write} to ${service.name} outlives a pod that is gone, and arrives once`,
    run: async () => {
      const allowed = failuresByChance(mesh, probe);
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
            assertThat(
              failed.length <= allowed,
              `${failed.length} of ${REQUESTS} failed, the first by ${failed[0]?.status} ${failed[0]?.body}`,
            );
            const answered = REQUESTS - failed.length;
            assertThat(seen().length === answered, `${answered} requests arrived ${seen().length} times`);
            const refused = await connectionsRefused(mesh, probe);
            assertThat(refused > 0, 'no request was sent to the pod that is gone, so nothing was shown');
            return {
              seen: `${answered} of ${REQUESTS} answered, each seen once; ${refused} connections refused`,
            };
          },
        );
      } finally {
        await Promise.all(absent.map((pod) => mesh.setEndpoint(pod, false)));
      }
    },
  };
}

/** As many requests may meet the absent pod at their first try and at every retry. */
function failuresByChance(mesh: Mesh, { service }: Probe): number {
  const { workload } = service.versions[0];
  const pods = mesh.pods.filter((pod) => pod.workload === workload).length;
  const choices = 1 + service.retries.attempts * CHOICES_OF_A_RETRY;
  const expected = REQUESTS / pods ** choices;
  let allowed = 0;
  while (poissonAtLeast(allowed + 1, expected) > 1 / RUNS) allowed += 1;
  return allowed;
}

async function connectionsRefused(mesh: Mesh, { service, edge }: Probe): Promise<number> {
  const name = service.name.replaceAll('-', '\\-');
  const stats = await mesh
    .proxy(probeName(edge.caller))
    .stats(new RegExp(`outbound\\|80\\|\\|${name}-v.*upstream_cx_connect_fail`));
  return [...stats.values()].reduce((sum, value) => sum + value, 0);
}
