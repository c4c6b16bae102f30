/** Streams outlive the timeout of their service, and nothing of other requests is taken by them. */
import { type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { publicHosts, type PublicRoute } from '../../../model/public-routes';
import { streamsWithin, type StreamMatch } from '../../../model/streams';
import { AssertionFailure, assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Request } from '../mesh/send';
import { openWebSocket } from '../mesh/websocket';
import { examplePath } from './example';
import { withExperiment } from './experiment';
import { requestOfRoute } from './request-forms';

const MEGABYTES = 200;
const CHUNK = Buffer.alloc(1_000_000, 'x');
/** Beyond the timeout that the service's other requests have. */
const PAST_TIMEOUT_MS = 300;

/** A stream at a public host, with an example request. */
export interface PublicStream extends StreamMatch {
  readonly route: PublicRoute;
  readonly request: Request;
}

export function testedStreams(mesh: Mesh): PublicStream[] {
  const all = publicHosts(mesh.environment).flatMap(({ name, routes }) =>
    routes.flatMap((route) =>
      streamsWithin(route.service, route).map((match) => ({
        ...match,
        route,
        request: {
          ...requestOfRoute(mesh, name, route).request,
          method: match.methods[0] ?? 'GET',
          path: examplePath(match.path),
        },
      })),
    ),
  );
  // A route for all methods and one for a single path may both have it; the more specific one gets the requests.
  return all.filter(
    ({ stream, path }, index) =>
      all.findIndex((other) => other.stream === stream && other.path === path) === index,
  );
}

export function streamTests(mesh: Mesh): LabTest[] {
  return testedStreams(mesh).flatMap((open) => {
    if (open.stream.webSocket) return [webSocketTest(mesh, open)];
    return open.request.method === 'GET'
      ? [downloadTest(mesh, open), attemptsTest(mesh, open)]
      : [uploadTest(mesh, open)];
  });
}

function webSocketTest(mesh: Mesh, { route: { service }, request }: PublicStream): LabTest {
  return {
    id: `streams/websocket-of-${service.name}`,
    title: `a WebSocket to ${service.name} sends messages back, and stays open beyond timeoutMs`,
    run: async () => {
      const at = (path: string) =>
        openWebSocket((headers) =>
          mesh.openRequest({ ...request, path, headers: { ...request.headers, ...headers } }),
        );
      const socket = await at(request.path ?? '/');
      if (typeof socket === 'number') throw new AssertionFailure(`the gateway answered ${socket}`);
      const first = await socket.exchange('before');
      await sleep(service.timeoutMs + PAST_TIMEOUT_MS);
      const second = await socket.exchange('after');
      socket.close();
      assertThat(first === 'before' && second === 'after', `the messages were ${first} and ${second}`);
      const elsewhere = await at(`${request.path}-lab`);
      const status = typeof elsewhere === 'number' ? elsewhere : 101;
      if (typeof elsewhere !== 'number') elsewhere.close();
      assertThat(status === 400, `beside the declared path the gateway answered ${status}`);
      return { seen: `2 messages within ${service.timeoutMs + PAST_TIMEOUT_MS} ms; beside the path 400` };
    },
  };
}

/** Half of the body, a pause, and the other half. */
async function writeSlowly(response: ServerResponse, pauseMs: number): Promise<void> {
  for (let sent = 0; sent < MEGABYTES; sent += 1) {
    if (sent === MEGABYTES / 2) await sleep(pauseMs);
    if (!response.write(CHUNK)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
}

function downloadTest(mesh: Mesh, { route: { service }, request }: PublicStream): LabTest {
  const pauseMs = service.timeoutMs + PAST_TIMEOUT_MS;
  return {
    id: `streams/download-from-${service.name}`,
    title: `a download of ${MEGABYTES} MB from ${service.name} takes longer than timeoutMs`,
    run: () =>
      withExperiment(
        mesh,
        [service.versions[0].workload],
        () => ({ write: (response) => void writeSlowly(response, pauseMs) }),
        async ({ headers }) => {
          const started = performance.now();
          const { status, bytes } = await receive(mesh, request, headers);
          const ms = performance.now() - started;
          assertThat(status === 200, `the status was ${status}`);
          assertThat(bytes === MEGABYTES * CHUNK.length, `${bytes} bytes arrived`);
          assertThat(ms > service.timeoutMs, `it took only ${ms.toFixed(0)} ms`);
          return { seen: `${bytes} bytes in ${ms.toFixed(0)} ms`, figures: { ms } };
        },
      ),
  };
}

function receive(
  mesh: Mesh,
  request: Request,
  headers: Request['headers'],
): Promise<{ readonly status: number; readonly bytes: number }> {
  return new Promise((resolve, reject) => {
    const outgoing = mesh.openRequest({ ...request, headers: { ...request.headers, ...headers } });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => void (bytes += chunk.length));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes }));
    });
    outgoing.end();
  });
}

function uploadTest(mesh: Mesh, { route: { service }, request }: PublicStream): LabTest {
  const pauseMs = service.timeoutMs + PAST_TIMEOUT_MS;
  return {
    id: `streams/upload-to-${service.name}`,
    title: `an upload of ${MEGABYTES} MB to ${service.name} arrives, though its response takes longer than timeoutMs`,
    run: () =>
      withExperiment(
        mesh,
        [service.versions[0].workload],
        () => ({ countsBody: true, delayMs: pauseMs }),
        async ({ headers, received }) => {
          const started = performance.now();
          const { status, body } = await upload(mesh, request, headers);
          const ms = performance.now() - started;
          assertThat(status === 200, `the status was ${status}: ${body}`);
          assertThat(body === String(MEGABYTES * CHUNK.length), `${body} bytes arrived`);
          assertThat(received().length === 1, `${received().length} attempts`);
          return { seen: `${body} bytes in ${ms.toFixed(0)} ms`, figures: { ms } };
        },
      ),
  };
}

function upload(
  mesh: Mesh,
  request: Request,
  headers: Request['headers'],
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(MEGABYTES * CHUNK.length) };
    const outgoing = mesh.openRequest({ ...request, headers: { ...request.headers, ...headers, ...length } });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => void (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    void (async () => {
      for (let sent = 0; sent < MEGABYTES && !outgoing.destroyed; sent += 1)
        if (!outgoing.write(CHUNK)) await new Promise((drained) => outgoing.once('drain', drained));
      outgoing.end();
    })();
  });
}

function attemptsTest(mesh: Mesh, { route: { service }, request }: PublicStream): LabTest {
  return {
    id: `streams/attempts-at-${service.name}`,
    title: `a stream of ${service.name} that fails is not retried`,
    run: () =>
      withExperiment(
        mesh,
        [service.versions[0].workload],
        () => ({ status: 503 }),
        async ({ headers, received }) => {
          const { status } = await mesh.client.send({
            ...request,
            headers: { ...request.headers, ...headers },
          });
          const seen = `${received().length} attempts, and the client got ${status}`;
          assertThat(status === 503 && received().length === 1, seen);
          return { seen };
        },
      ),
  };
}
