/** Connection pool limits: when a slow callee has the maximum of requests, the next fails at once. */
import { type Version } from '../../../model/service';
import { AssertionFailure, assertThat, type LabTest } from '../../support/lab-test';
import { until } from '../../support/until';
import { type Mesh } from '../mesh/mesh';
import { type Reply } from '../mesh/send';
import { withExperiment } from './experiment';
import { probesOf, type Probe } from './example';
import { ejectingProxyName } from './ejection';
import { requestOf } from './retries';

const EXCESS = 40;
/** Far below any timeout, even on a busy machine. */
const FAST_FAILURE_MS = 250;
const WAIT_LIMIT_MS = 5_000;

export function poolTests(mesh: Mesh): LabTest[] {
  return probesOf(mesh.environment).flatMap((probe) =>
    probe.service.versions.map((version) => labTest(mesh, probe, version)),
  );
}

function labTest(mesh: Mesh, probe: Probe, version: Version): LabTest {
  const { maxConnections, maxPendingRequests } = probe.service.circuitBreaker;
  const capacity = maxConnections + maxPendingRequests;
  return {
    id: `pool/${version.workload}`,
    title: `of ${capacity + EXCESS} concurrent requests to a slow ${version.workload}, ${capacity} wait and the others fail at once`,
    run: () => {
      let active = 0;
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      return withExperiment(
        mesh,
        [version.workload],
        async () => {
          active += 1;
          await released;
          return {};
        },
        async ({ headers }) => {
          const request = { ...requestOf(mesh, probe), host: version.host };
          const caller = mesh.from(ejectingProxyName(probe.edge.caller.serviceAccount));
          const replies: Promise<Reply>[] = [];
          const sendOne = () =>
            void replies.push(caller.send({ ...request, headers: { ...request.headers, ...headers } }));
          // Requests are also pending while Envoy connects, so they are sent in small steps.
          for (const wanted of steps(maxConnections, Math.ceil(maxPendingRequests / 4))) {
            while (replies.length < wanted) sendOne();
            await waitFor(
              () => active === wanted,
              () => `${active} of ${wanted} requests reached the callee`,
            );
          }
          const rejected: Reply[] = [];
          for (let sent = 0; sent < maxPendingRequests + EXCESS; sent += 1) {
            sendOne();
            void replies.at(-1)?.then((reply) => isOverload(reply) && rejected.push(reply));
          }
          await waitFor(
            () => rejected.length >= EXCESS,
            () => `${rejected.length} were rejected instead of ${EXCESS}`,
          );
          assertThat(
            active === maxConnections,
            `${active} requests instead of ${maxConnections} reached the callee`,
          );
          release();
          const all = await Promise.all(replies);
          const succeeded = all.filter(({ status }) => status === 200).length;
          assertThat(
            succeeded === capacity,
            `${succeeded} succeeded instead of ${capacity}, ${rejected.length} were rejected`,
          );
          const slowest = Math.max(...rejected.map(({ ms }) => ms));
          assertThat(slowest < FAST_FAILURE_MS, `a rejection took ${slowest.toFixed(0)} ms`);
          return {
            seen: `${capacity} succeeded, ${maxConnections} of them concurrently; ${EXCESS} were rejected, the last after ${slowest.toFixed(0)} ms`,
          };
        },
      ).finally(() => release());
    },
  };
}

function steps(total: number, size: number): number[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => Math.min(total, (index + 1) * size));
}

function waitFor(condition: () => boolean, seen: () => string): Promise<void> {
  const otherwise = () => new AssertionFailure(seen());
  return until(condition, { everyMs: 10, limitMs: WAIT_LIMIT_MS, otherwise });
}

function isOverload({ status, headers }: Reply): boolean {
  return status === 503 && headers['x-envoy-overloaded'] === 'true';
}
