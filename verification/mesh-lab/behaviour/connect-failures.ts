/** A request whose connection failed is retried at another pod, whatever its method. */
import { poissonAtLeast } from '../../../model/poisson';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { sendMany } from '../mesh/send';
import { withExperiment } from './experiment';
import { probeName, probesOf, type Probe } from './example';
import { requestOf } from './retries';

const REQUESTS = 40;
/**
 * Envoy selects pods at random. For a retry it selects up to this many times to find a pod without a previous attempt,
 * so a retry can still reach the missing pod.
 *
 * @see istio.io/istio/pilot/pkg/networking/core/route/retry/retry.go, HostSelectionRetryMaxAttempts
 */
export const SELECTIONS_PER_RETRY = 6;
/** Probability that a correct mesh fails this test. */
const FALSE_ALARM = 1 / 10_000;

export function connectFailureTests(mesh: Mesh): LabTest[] {
  return probesOf(mesh.environment)
    .filter(({ service: { retries } }) => retries.attempts > 0 && retries.on.includes('connect-failure'))
    .map((probe) => labTest(mesh, probe));
}

function labTest(mesh: Mesh, probe: Probe): LabTest {
  const { service, edge } = probe;
  const write = edge.methods.find((method) => method !== 'GET' && method !== 'HEAD') ?? edge.methods[0];
  const absent = service.versions.map(({ workload }) => `${workload}-absent-0`);
  return {
    id: `retries/connect-failure-of-${service.name}`,
    title: `a ${write} to ${service.name} succeeds despite a missing pod, and arrives once`,
    run: async () => {
      const tolerated = toleratedFailures(mesh, probe);
      await Promise.all(absent.map((pod) => mesh.setEndpoint(pod, true)));
      try {
        return await withExperiment(
          mesh,
          [],
          () => undefined,
          async ({ headers, received }) => {
            const request = requestOf(mesh, probe, write);
            const caller = mesh.from(probeName(edge.caller));
            const replies = await sendMany(REQUESTS, 1, () =>
              caller.send({ ...request, headers: { ...request.headers, ...headers } }),
            );
            const failed = replies.filter(({ status }) => status !== 200);
            assertThat(
              failed.length <= tolerated,
              `${failed.length} of ${REQUESTS} failed, the first with ${failed[0]?.status} ${failed[0]?.body}`,
            );
            const succeeded = REQUESTS - failed.length;
            assertThat(
              received().length === succeeded,
              `${succeeded} successful requests arrived ${received().length} times`,
            );
            const refused = await connectionsRefused(mesh, probe);
            assertThat(refused > 0, 'inconclusive: no request was sent to the missing pod');
            return {
              seen: `${succeeded} of ${REQUESTS} succeeded, each arrived once; ${refused} connections refused`,
            };
          },
        );
      } finally {
        await Promise.all(absent.map((pod) => mesh.setEndpoint(pod, false)));
      }
    },
  };
}

/** Number of requests that may reach the missing pod in every attempt by chance. */
function toleratedFailures(mesh: Mesh, { service }: Probe): number {
  const { workload } = service.versions[0];
  const pods = mesh.pods.filter((pod) => pod.workload === workload).length;
  const selections = 1 + service.retries.attempts * SELECTIONS_PER_RETRY;
  const expected = REQUESTS / pods ** selections;
  let tolerated = 0;
  while (poissonAtLeast(tolerated + 1, expected) > FALSE_ALARM) tolerated += 1;
  return tolerated;
}

async function connectionsRefused(mesh: Mesh, { service, edge }: Probe): Promise<number> {
  const name = service.name.replaceAll('-', '\\-');
  const stats = await mesh
    .proxy(probeName(edge.caller))
    .stats(new RegExp(`outbound\\|80\\|\\|${name}-v.*upstream_cx_connect_fail`));
  return [...stats.values()].reduce((sum, value) => sum + value, 0);
}
