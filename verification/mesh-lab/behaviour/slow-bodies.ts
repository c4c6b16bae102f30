/** Clients that send bodies slowly hold the connections of writes, and leave those of reads alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BODY_METHODS, bodyPools } from '../../../model/body-pools';
import { publicHosts, type PublicRoute } from '../../../model/public-routes';
import { type HttpMethod } from '../../../model/schema/service-schema';
import { assertThat, type LabTest } from '../../support/lab-test';
import { until } from '../../support/until';
import { type Mesh } from '../mesh/mesh';
import { type Request, type SlowRequest } from '../mesh/send';
import { startExperiment } from './experiment';
import { examplePath } from './example';
import { requestOfRoute } from './request-forms';

const WRITERS = 500;
const BYTE_EVERY_MS = 2_000;
const READS_FOR_MS = 8_000;
const READERS = 4;
const READ_EVERY_MS = 50;
/** Above the declared timeout, for a machine that also runs the writers. */
const ALLOWANCE_MS = 250;
const OPEN_LIMIT_MS = 20_000;

/** One service for each host stands for all: the pools are rendered alike, which the unit tests check. */
export function slowBodyTests(mesh: Mesh): LabTest[] {
  return publicHosts(mesh.environment).flatMap(({ name, routes }) => {
    const route = routes.find(
      ({ jwt, methods, bodyPool }) => jwt === 'required' && bodyPool !== undefined && methods.includes('GET'),
    );
    return route === undefined ? [] : [slowWritersTest(mesh, name, route), bodyOfReadTest(mesh, name, route)];
  });
}

function requestOf(mesh: Mesh, host: string, route: PublicRoute, method: HttpMethod): Request {
  const { request } = requestOfRoute(mesh, host, route);
  return { ...request, method, path: examplePath(route.path) };
}

function slowWritersTest(mesh: Mesh, host: string, route: PublicRoute): LabTest {
  const { service } = route;
  return {
    id: `slow-bodies/${service.name}`,
    title: `reads of ${service.name} are answered in time while ${WRITERS} clients with one token send bodies slowly`,
    run: async () => {
      const write = route.methods.find((method) => BODY_METHODS.includes(method)) ?? 'POST';
      // The application waits for the body.
      const { headers, end } = startExperiment(
        mesh,
        service.versions.map(({ workload }) => workload),
        () => ({ fault: 'hang' }),
      );
      const allowed = requestOf(mesh, host, route, write);
      const writeRequest = { ...allowed, headers: { ...allowed.headers, ...headers } };
      const writers: SlowRequest[] = [];
      try {
        for (let count = 0; count < WRITERS; count += 1) {
          writers.push(mesh.slowClient(writeRequest, BYTE_EVERY_MS));
          // Handshakes of all at once would take longer than connecting may take.
          if (count % 10 === 9) await sleep(50);
        }
        const held = () => writers.filter(({ outcome }) => outcome() === undefined).length;
        const most = mostHeld(mesh, route);
        // The others are refused at once.
        await until(() => held() <= most, {
          everyMs: 100,
          limitMs: OPEN_LIMIT_MS,
          otherwise: () => new Error(`${held()} slow requests are open, more than ${most}`),
        });
        const replies = await readsFor(mesh, requestOf(mesh, host, route, 'GET'));
        const failed = replies.filter(({ status }) => status !== 200);
        const slowest = Math.max(...replies.map(({ ms }) => ms));
        const open = held();
        assertThat(
          failed.length === 0,
          `${failed.length} of ${replies.length} reads failed, the first with ${failed[0]?.status} ${failed[0]?.body}`,
        );
        assertThat(
          slowest < service.timeoutMs + ALLOWANCE_MS,
          `a read took ${slowest.toFixed(0)} ms, with a timeout of ${service.timeoutMs} ms`,
        );
        const refused = writers.filter(({ outcome }) => outcome() === 503).length;
        assertThat(open > 0, `inconclusive: no slow request was open; ${outcomesOf(writers)}`);
        return {
          seen: `${replies.length} reads succeeded, the slowest after ${slowest.toFixed(0)} ms; ${open} of ${WRITERS} slow requests were open, ${refused} got 503`,
          figures: { open, refused, slowestMs: slowest },
        };
      } finally {
        writers.forEach((writer) => writer.end());
        end();
      }
    },
  };
}

function outcomesOf(writers: readonly SlowRequest[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of writers) {
    const seen = String(outcome() ?? 'open');
    counts.set(seen, (counts.get(seen) ?? 0) + 1);
  }
  return [...counts].map(([seen, count]) => `${count} × ${seen}`).join(', ');
}

/** What the route's pool holds at every version, requests that wait for a connection included. */
function mostHeld(mesh: Mesh, { service, bodyPool }: PublicRoute): number {
  const { maxConnections, maxPendingRequests } = service.circuitBreaker;
  const size = bodyPools(service, mesh.environment).find(({ name }) => name === bodyPool)?.maxRequests ?? 0;
  return service.versions.length * (size + Math.ceil((maxPendingRequests * size) / maxConnections));
}

async function readsFor(mesh: Mesh, request: Request) {
  const until = performance.now() + READS_FOR_MS;
  const clients = mesh.clients(READERS);
  const reader = async () => {
    const replies = [];
    while (performance.now() < until) {
      replies.push(await clients.send(request));
      await sleep(READ_EVERY_MS);
    }
    return replies;
  };
  return (await Promise.all(Array.from({ length: READERS }, reader))).flat();
}

function bodyOfReadTest(mesh: Mesh, host: string, route: PublicRoute): LabTest {
  return {
    id: `slow-bodies/reads-of-${host}`,
    title: `${host} refuses reads that declare a body`,
    run: async () => {
      const request = requestOf(mesh, host, route, 'GET');
      for (const length of ['1', '1000', '01']) {
        const { status } = await mesh.client.send({
          ...request,
          headers: { ...request.headers, 'content-length': length },
        });
        assertThat(status === 400, `a GET with a body of ${length} bytes got ${status}`);
      }
      const empty = await mesh.client.send({
        ...request,
        headers: { ...request.headers, 'content-length': '0' },
      });
      assertThat(empty.status === 200, `a GET with an empty body got ${empty.status}`);
      return { seen: '400 for declared bodies, 200 for an empty one' };
    },
  };
}
