/** The loss of a zone: pods are gone, and their endpoints are still listed. */
import { poissonAtLeast } from '../../../model/poisson';
import { type Service } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { sendMany } from '../mesh/send';
import { SELECTIONS_PER_RETRY } from './connect-failures';
import { probesOf, type Probe } from './example';
import { withExperiment } from './experiment';
import { streamingWorkload } from './long-streams';
import { requestOf } from './retries';

/** Keeps responses open, so that retries are in flight at the same time. */
const RESPONSE_MS = 60;
/** Probability that a correct mesh fails this test. */
const FALSE_ALARM = 1 / 10_000;

/** How the pods of the lost zone react to a new connection. */
const LOSSES = [
  /** The pod is gone, its node answers. */
  { name: 'refuses', silent: false },
  /** The node is gone, or its network. */
  { name: 'is-silent', silent: true },
] as const;
type Loss = (typeof LOSSES)[number];

/** Name of a client proxy that only these tests use, because outlier detection ejects the lost pods. */
export function zoneProxyName(serviceAccount: string): string {
  return `zone-${serviceAccount}`;
}

/** Not of the service whose pods the tests of long streams terminate meanwhile. */
export function zoneLossTests(mesh: Mesh): LabTest[] {
  const terminating = streamingWorkload(mesh.environment);
  return probesOf(mesh.environment)
    .filter(({ service: { versions } }) => versions.every(({ workload }) => workload !== terminating))
    .filter(({ service: { retries } }) => retries.attempts > 0 && retries.on.includes('connect-failure'))
    .flatMap((probe) => LOSSES.map((loss) => labTest(mesh, probe, loss)));
}

function labTest(mesh: Mesh, probe: Probe, loss: Loss): LabTest {
  const { service, edge } = probe;
  const requests = burstOf(mesh, probe);
  const lost = service.versions.map(({ workload }) => `${workload}-absent-0`);
  return {
    id: `zone-loss/${service.name}-${loss.name}`,
    // On a busy machine, connecting to the other pods can take too long.
    attempts: 3,
    title: `${requests} concurrent requests to ${service.name} succeed while a third of its endpoints ${loss.silent ? 'never answers' : 'refuses connections'}`,
    run: async () => {
      const stop = loss.silent
        ? await Promise.all(lost.map((pod) => mesh.backends.serveSilence(mesh.pod(pod).ip, service.port)))
        : [];
      try {
        return await withExperiment(
          mesh,
          service.versions.map(({ workload }) => workload),
          () => ({ delayMs: RESPONSE_MS }),
          async ({ headers }) => {
            const caller = mesh.from(zoneProxyName(edge.caller.serviceAccount));
            const request = requestOf(mesh, probe);
            const burst = () =>
              sendMany(requests, requests, () =>
                caller.send({ ...request, headers: { ...request.headers, ...headers } }),
              );
            // Connections to the other pods are open, as under load.
            await burst();
            await Promise.all(lost.map((pod) => mesh.setEndpoint(pod, true)));
            const before = await connectFailures(mesh, probe);
            const replies = await burst();
            const failed = replies.filter(({ status }) => status !== 200);
            const tolerated = toleratedFailures(mesh, probe, requests);
            const lostAttempts = (await connectFailures(mesh, probe)) - before;
            assertThat(lostAttempts > 0, 'inconclusive: no request was sent to the lost pods');
            assertThat(
              failed.length <= tolerated,
              `${failed.length} of ${requests} failed, the first with ${failed[0]?.status} ${failed[0]?.body}`,
            );
            const slowest = Math.max(...replies.map(({ ms }) => ms));
            return {
              seen: `${requests - failed.length} of ${requests} succeeded, the slowest after ${slowest.toFixed(0)} ms; ${lostAttempts} connections failed`,
              figures: { failed: failed.length, slowestMs: slowest },
            };
          },
        );
      } finally {
        await Promise.all(lost.map((pod) => mesh.setEndpoint(pod, false)));
        stop.forEach((end) => end());
      }
    },
  };
}

/** As many requests as need no more retries at once than the circuit breaker allows, but for chance. */
function burstOf(mesh: Mesh, { service }: Probe): number {
  const { maxRetries, maxConnections } = service.circuitBreaker;
  const share = lostShare(mesh, service);
  let requests = Math.min(maxConnections, Math.floor(maxRetries / share));
  while (requests > 1 && poissonAtLeast(maxRetries + 1, requests * share) > FALSE_ALARM) requests -= 1;
  return requests;
}

/**
 * Share of attempts at the lost pods. Of two random pods Envoy selects the one with fewer requests in flight, which is
 * a lost one that refuses connections.
 */
function lostShare(mesh: Mesh, { versions: [{ workload }] }: Service): number {
  const pods = mesh.pods.filter((pod) => pod.workload === workload).length;
  return 1 - (1 - 1 / pods) ** 2;
}

/** Number of requests whose every attempt may select a lost pod by chance. */
function toleratedFailures(mesh: Mesh, { service }: Probe, requests: number): number {
  const selections = 1 + service.retries.attempts * SELECTIONS_PER_RETRY;
  const expected = requests * lostShare(mesh, service) ** selections;
  let tolerated = 0;
  while (poissonAtLeast(tolerated + 1, expected) > FALSE_ALARM) tolerated += 1;
  return tolerated;
}

async function connectFailures(mesh: Mesh, { service, edge }: Probe): Promise<number> {
  const name = service.name.replaceAll('-', '\\-');
  const stats = await mesh
    .proxy(zoneProxyName(edge.caller.serviceAccount))
    .stats(new RegExp(`outbound\\|80\\|\\|${name}-v.*upstream_cx_connect_(fail|timeout)`));
  return [...stats.values()].reduce((sum, value) => sum + value, 0);
}
