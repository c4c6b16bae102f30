/** A slow callee holds only so many of its callers' requests; the next fails at once instead of waiting. */
import { type Version } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Reply } from '../mesh/send';
import { duringExperiment } from './experiment';
import { probesOf, type Probe } from './example';
import { ejectorName } from './ejection';
import { requestOf } from './retries';

const TOO_MANY = 40;
/** A refusal is no wait: even among hundreds of requests on a busy machine it comes before any timeout could. */
const AT_ONCE_MS = 250;
const PATIENCE_MS = 5_000;

export function poolTests(mesh: Mesh): LabTest[] {
  return probesOf(mesh.environment).flatMap((probe) =>
    probe.service.versions.map((version) => labTest(mesh, probe, version)),
  );
}

function labTest(mesh: Mesh, probe: Probe, version: Version): LabTest {
  const { maxConnections, maxPendingRequests } = probe.service.circuitBreaker;
  const room = maxConnections + maxPendingRequests;
  return {
    id: `pool/${version.workload}`,
    title: `of ${room + TOO_MANY} requests at once to a slow ${version.workload}, ${room} wait and the others fail at once`,
    run: () => {
      let held = 0;
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      return duringExperiment(
        mesh,
        [version.workload],
        async () => {
          held += 1;
          await released;
          return {};
        },
        async ({ headers }) => {
          const request = { ...requestOf(mesh, probe), host: version.host };
          const caller = mesh.from(ejectorName(probe.edge.caller.serviceAccount));
          const replies: Promise<Reply>[] = [];
          const sendOne = () =>
            void replies.push(caller.send({ ...request, headers: { ...request.headers, ...headers } }));
          // A request waits while its connection is being made, too, so they come bit by bit.
          for (const wanted of steps(maxConnections, Math.ceil(maxPendingRequests / 4))) {
            while (replies.length < wanted) sendOne();
            await patiently(
              () => held === wanted,
              () => `${held} of ${wanted} requests got through`,
            );
          }
          const refused: Reply[] = [];
          for (let sent = 0; sent < maxPendingRequests + TOO_MANY; sent += 1) {
            sendOne();
            void replies.at(-1)?.then((reply) => isOverload(reply) && refused.push(reply));
          }
          await patiently(
            () => refused.length >= TOO_MANY,
            () => `${refused.length} were refused, not ${TOO_MANY}`,
          );
          assertThat(
            held === maxConnections,
            `${held} requests were in the callee at once, more than ${maxConnections}`,
          );
          release();
          const all = await Promise.all(replies);
          const answered = all.filter(({ status }) => status === 200).length;
          assertThat(
            answered === room,
            `${answered} were answered instead of ${room}, ${refused.length} refused`,
          );
          const slowest = Math.max(...refused.map(({ ms }) => ms));
          assertThat(slowest < AT_ONCE_MS, `a refusal took ${slowest.toFixed(0)} ms`);
          return {
            seen: `${room} answered, ${maxConnections} of them at once; ${TOO_MANY} refused, the last after ${slowest.toFixed(0)} ms`,
          };
        },
      ).finally(() => release());
    },
  };
}

function steps(total: number, size: number): number[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => Math.min(total, (index + 1) * size));
}

async function patiently(condition: () => boolean, otherwise: () => string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    assertThat(Date.now() < deadline, otherwise());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function isOverload({ status, headers }: Reply): boolean {
  return status === 503 && headers['x-envoy-overloaded'] === 'true';
}
