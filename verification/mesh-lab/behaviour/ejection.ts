/** Outlier detection ejects a failing pod and returns it later. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Version } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { startExperiment } from './experiment';
import { probesOf, type Probe } from './example';
import { requestOf } from './retries';

/** Enough to select every pod several times. */
const REQUESTS = 40;
const SLACK_MS = 3_000;
/** Envoy merges endpoint updates for up to a second (`update_merge_window`). */
const ENDPOINT_UPDATE_MS = 1_100;

export function ejectionTests(mesh: Mesh): LabTest[] {
  return probesOf(mesh.environment).flatMap((probe) =>
    probe.service.versions.map((version) => labTest(mesh, probe, version)),
  );
}

/** Name of a client proxy that only these tests use, because ejection changes its endpoints. */
export function ejectingProxyName(serviceAccount: string): string {
  return `ejector-${serviceAccount}`;
}

function labTest(mesh: Mesh, probe: Probe, version: Version): LabTest {
  const { outlierDetection } = probe.service.circuitBreaker;
  const { consecutive5xxErrors: errors, baseEjectionSeconds, intervalSeconds } = outlierDetection;
  const failing = `${version.workload}-bare-0`;
  const proxyName = ejectingProxyName(probe.edge.caller.serviceAccount);
  return {
    id: `ejection/${version.workload}`,
    title: `a pod of ${version.workload} is ejected for ${baseEjectionSeconds} s after ${errors} consecutive errors`,
    run: async () => {
      let recovered = false;
      const { headers, received, end } = startExperiment(mesh, [version.workload], ({ pod }) =>
        pod === failing && !recovered ? { status: 503 } : undefined,
      );
      // By the version's host, because a weight of 10 % would need ten times the requests.
      const request = { ...requestOf(mesh, probe), host: version.host };
      const caller = mesh.from(proxyName);
      const sendOnce = async () => caller.send({ ...request, headers: { ...request.headers, ...headers } });
      const requestsOfFailing = () => received().filter(({ pod }) => pod === failing).length;
      try {
        for (let sent = 0; sent < 10 * errors && requestsOfFailing() < errors; sent += 1) await sendOnce();
        const ejected = performance.now();
        const before = requestsOfFailing();
        assertThat(before === errors, `${before} errors instead of ${errors}`);
        await sleep(ENDPOINT_UPDATE_MS);
        for (let sent = 0; sent < REQUESTS; sent += 1) {
          const { status } = await sendOnce();
          assertThat(status === 200, `a request got ${status} although the failing pod should be ejected`);
        }
        assertThat(
          requestsOfFailing() === before,
          `the ejected pod got ${requestsOfFailing() - before} requests`,
        );

        recovered = true;
        const latest = (baseEjectionSeconds + intervalSeconds) * 1_000 + SLACK_MS;
        while (requestsOfFailing() === before && performance.now() - ejected < latest) {
          await sendOnce();
          await sleep(250);
        }
        const outMs = performance.now() - ejected;
        assertThat(
          requestsOfFailing() > before,
          `the pod was still ejected after ${(outMs / 1_000).toFixed(1)} s`,
        );
        assertThat(
          outMs > baseEjectionSeconds * 1_000 - 500,
          `the pod returned after only ${(outMs / 1_000).toFixed(1)} s`,
        );
        return {
          seen: `ejected after ${errors} errors; ${REQUESTS} of ${REQUESTS} succeeded meanwhile; returned after ${(outMs / 1_000).toFixed(1)} s`,
          figures: { outMs },
        };
      } finally {
        end();
      }
    },
  };
}
