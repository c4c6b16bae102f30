/** A slow callee holds only so many of its callers' requests; the next fails at once instead of waiting. */
import { type Version } from '../../model/service';
import { insist, type Claim } from '../claim';
import { type Mesh } from '../mesh/mesh';
import { type Reply } from '../mesh/send';
import { duringExperiment } from './experiment';
import { probesOf, type Probe } from './example';
import { ejectorName } from './ejection';
import { requestOf } from './retries';

const TOO_MANY = 40;
/** Held until every request has been sent, which takes a moment. */
const HELD_MS = 1_500;

export function poolClaims(mesh: Mesh): Claim[] {
  return probesOf(mesh.environment).flatMap((probe) =>
    probe.service.versions.map((version) => claim(mesh, probe, version)),
  );
}

function claim(mesh: Mesh, probe: Probe, version: Version): Claim {
  const { maxConnections, maxPendingRequests } = probe.service.circuitBreaker;
  const room = maxConnections + maxPendingRequests;
  return {
    id: `pool/${version.workload}`,
    title: `of ${room + TOO_MANY} requests at once to a slow ${version.workload}, ${room} wait and the others fail at once`,
    prove: () => {
      let atOnce = 0;
      let most = 0;
      return duringExperiment(
        mesh,
        [version.workload],
        async () => {
          most = Math.max(most, (atOnce += 1));
          await new Promise((resolve) => setTimeout(resolve, HELD_MS));
          atOnce -= 1;
          return {};
        },
        async ({ headers }) => {
          const request = { ...requestOf(mesh, probe), host: version.host };
          const caller = mesh.from(ejectorName(probe.edge.caller.serviceAccount));
          const replies = await Promise.all(
            Array.from({ length: room + TOO_MANY }, () =>
              caller.send({ ...request, headers: { ...request.headers, ...headers } }),
            ),
          );
          const refused = replies.filter(isOverload);
          const slowest = Math.max(...refused.map(({ ms }) => ms));
          insist(
            most <= maxConnections,
            `${most} requests were in the callee at once, more than ${maxConnections}`,
          );
          insist(refused.length === TOO_MANY, `${refused.length} were refused instead of ${TOO_MANY}`);
          insist(slowest < HELD_MS, `a refusal took ${slowest.toFixed(0)} ms, as long as an answer`);
          const answered = replies.filter(({ status }) => status === 200).length;
          insist(answered === room, `${answered} were answered instead of ${room}`);
          return {
            seen: `${room} answered, ${most} of them at once; ${TOO_MANY} refused, the last after ${slowest.toFixed(0)} ms`,
          };
        },
      );
    },
  };
}

function isOverload({ status, headers }: Reply): boolean {
  return status === 503 && headers['x-envoy-overloaded'] === 'true';
}
