/** A pod that fails is taken out of load balancing, and comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Version } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { beginExperiment } from './experiment';
import { probesOf, type Probe } from './example';
import { requestOf } from './retries';

/** Enough for every pod to have been chosen many times. */
const REQUESTS = 40;
const SLACK_MS = 3_000;
/** Envoy gathers changes of endpoints for up to a second before its workers hear of them (`update_merge_window`). */
const HEARD_MS = 1_100;

export function ejectionTests(mesh: Mesh): LabTest[] {
  return probesOf(mesh.environment).flatMap((probe) =>
    probe.service.versions.map((version) => labTest(mesh, probe, version)),
  );
}

/** Proxy that ejects in the name of a caller; its view of a callee is nobody else's. */
export function ejectorName(serviceAccount: string): string {
  return `ejector-${serviceAccount}`;
}

function labTest(mesh: Mesh, probe: Probe, version: Version): LabTest {
  const { outlierDetection } = probe.service.circuitBreaker;
  const { consecutive5xxErrors: errors, baseEjectionSeconds, intervalSeconds } = outlierDetection;
  const failing = `${version.workload}-bare-0`;
  const ejector = ejectorName(probe.edge.caller.serviceAccount);
  return {
    id: `ejection/${version.workload}`,
    title: `a pod of ${version.workload} that fails ${errors} times is left out for ${baseEjectionSeconds} s`,
    run: async () => {
      let healed = false;
      const { headers, seen, end } = beginExperiment(mesh, [version.workload], ({ at }) =>
        at === failing && !healed ? { status: 503 } : undefined,
      );
      // The version's own host: a share of 10 % would take ten times the requests.
      const request = { ...requestOf(mesh, probe), host: version.host };
      const caller = mesh.from(ejector);
      const sendOnce = async () => caller.send({ ...request, headers: { ...request.headers, ...headers } });
      const seenAt = (pod: string) => seen().filter(({ at }) => at === pod).length;
      try {
        for (let sent = 0; sent < 10 * errors && seenAt(failing) < errors; sent += 1) await sendOnce();
        const ejected = performance.now();
        const before = seenAt(failing);
        assertThat(before === errors, `${before} errors reached the callers, instead of ${errors}`);
        await sleep(HEARD_MS);
        for (let sent = 0; sent < REQUESTS; sent += 1) {
          const { status } = await sendOnce();
          assertThat(status === 200, `a request was answered ${status} while the failing pod should be out`);
        }
        assertThat(
          seenAt(failing) === before,
          `the failing pod got ${seenAt(failing) - before} more requests`,
        );

        healed = true;
        const latest = (baseEjectionSeconds + intervalSeconds) * 1_000 + SLACK_MS;
        while (seenAt(failing) === before && performance.now() - ejected < latest) {
          await sendOnce();
          await sleep(250);
        }
        const outMs = performance.now() - ejected;
        assertThat(
          seenAt(failing) > before,
          `the pod was healed and still out after ${(outMs / 1_000).toFixed(1)} s`,
        );
        assertThat(
          outMs > baseEjectionSeconds * 1_000 - 500,
          `the pod was back after ${(outMs / 1_000).toFixed(1)} s already`,
        );
        return {
          seen: `out after ${errors} errors; ${REQUESTS} of ${REQUESTS} by the others; back after ${(outMs / 1_000).toFixed(1)} s`,
          figures: { outMs },
        };
      } finally {
        end();
      }
    },
  };
}
