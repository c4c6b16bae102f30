/** Evidence from Cloud Monitoring, by HTTP to a server on loopback. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { evidenceQueries } from '../../model/canary/evidence';
import { readEvidence } from '../../tools/canary-release/metrics';
import { aCatalogue } from '../support/catalogue-fixture';

const GOOGLE = 'https://monitoring.googleapis.com';
const [shop] = aCatalogue().environments;
const cart = shop!.services.find(({ name }) => name === 'cart')!;
const variables = { ...process.env };

interface ReceivedRequest {
  readonly path: string;
  readonly method: string;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly query: string;
}

let server: Server;
let requested: ReceivedRequest[];
let answer: (requested: ReceivedRequest, response: ServerResponse) => void;
let timeoutMs: number | undefined;

beforeEach(async () => {
  requested = [];
  timeoutMs = undefined;
  answer = (_, response) => response.end(vector([[{}, '7']]));
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { authorization, 'content-type': type } = request.headers;
      const query = new URLSearchParams(body).get('query') ?? '';
      const one = { path: request.url ?? '', method: request.method ?? '', authorization, type, query };
      requested.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['GOOGLE_OAUTH_ACCESS_TOKEN'] = 'ya29.token';
  // Only the host name changes: the requests are real.
  const send = globalThis.fetch;
  jest.spyOn(globalThis, 'fetch').mockImplementation((address, init) => {
    const signal = timeoutMs === undefined ? init?.signal : AbortSignal.timeout(timeoutMs);
    return send((address as string).replace(GOOGLE, loopback()), { ...init, ...(signal && { signal }) });
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.env = { ...variables };
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function loopback(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function vector(result: readonly [Record<string, string>, string][]): string {
  const samples = result.map(([metric, value]) => ({ metric, value: [1_760_000_000, value] }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result: samples } });
}

const cloud = () => readEvidence(undefined, shop!, cart);

test("sends every query once, as Google's API expects it, with the token", async () => {
  await cloud();

  const queries = [...evidenceQueries(cart).values()].sort();
  expect(requested.map(({ query }) => query).sort()).toEqual(queries);
  for (const one of requested)
    expect(one).toMatchObject({
      method: 'POST',
      path: `/v1/projects/${shop!.project.id}/location/global/prometheus/api/v1/query`,
      authorization: 'Bearer ya29.token',
      type: expect.stringMatching(/^application\/x-www-form-urlencoded/),
    });
  const addresses = jest.mocked(globalThis.fetch).mock.calls.map(([address]) => address as string);
  expect(addresses.every((address) => address.startsWith(`${GOOGLE}/v1/projects/`))).toBe(true);
});

test('builds evidence from the results', async () => {
  const counts = evidenceQueries(cart);
  answer = ({ query }, response) => {
    const [name = ''] = [...counts].find(([, expression]) => expression === query) ?? [];
    if (name.endsWith('times')) return response.end(vector([[{ le: '+Inf' }, '90']]));
    return response.end(vector([[{}, name.endsWith('failed') ? '10' : '100']]));
  };

  expect((await cloud()).step.availability).toEqual({
    canary: { all: 100, failed: 10 },
    stable: { all: 100, failed: 10 },
  });
});

test('the login of gcloud is used without a token in the environment', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gcloud-'));
  const stub = join(folder, 'gcloud');
  writeFileSync(stub, '#!/bin/sh\n[ "$*" = "auth print-access-token" ] && echo of-gcloud\n');
  chmodSync(stub, 0o755);
  delete process.env['GOOGLE_OAUTH_ACCESS_TOKEN'];
  process.env['PATH'] = [folder, variables['PATH']].join(delimiter);
  try {
    await cloud();
    expect(requested[0]?.authorization).toBe('Bearer of-gcloud');

    writeFileSync(stub, '#!/bin/sh\nexit 1\n');
    await expect(cloud()).rejects.toThrow(
      "no login to Google Cloud; run 'gcloud auth login', set GOOGLE_OAUTH_ACCESS_TOKEN, or set another source with --metrics",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the token goes to Google only', async () => {
  await readEvidence(loopback(), shop!, cart);
  expect(requested.map(({ authorization }) => authorization)).toEqual(requested.map(() => undefined));

  const caught: string[] = [];
  const other = createServer((request, response) => {
    caught.push(request.headers.authorization ?? '');
    response.end(vector([]));
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  answer = (_, response) => response.writeHead(307, { location: elsewhere }).end();
  await expect(cloud()).rejects.toThrow('no metrics from');
  expect(caught).toEqual([]);
  other.close();
});

describe('a failed query is an error with reason and fix:', () => {
  const address = `${GOOGLE}/v1/projects/${shop!.project.id}/location/global/prometheus/api/v1/query`;
  const google = (message: string) => JSON.stringify({ error: { code: 0, message, status: 'X' } });

  test.each([
    [
      401,
      google('Request had invalid authentication credentials.\nExpected OAuth 2 access token.'),
      "status 401 (Request had invalid authentication credentials. Expected OAuth 2 access token.); the login has expired: run 'gcloud auth login', or renew GOOGLE_OAUTH_ACCESS_TOKEN",
    ],
    [
      403,
      google("Permission 'monitoring.timeSeries.list' denied"),
      `status 403 (Permission 'monitoring.timeSeries.list' denied); grant the login roles/monitoring.viewer in project '${shop!.project.id}', and enable monitoring.googleapis.com there`,
    ],
    [404, 'Not Found', `status 404; check that project '${shop!.project.id}' exists`],
    [
      400,
      JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'parse error\u001b[31m' }),
      'status 400 (parse error [31m); set another source with --metrics, and report this',
    ],
    [200, '<html>', 'the response is not from Prometheus; set another source with --metrics'],
    [200, vector([[{}, 'NaN']]), 'the response is not from Prometheus; set another source with --metrics'],
    [
      200,
      JSON.stringify({ status: 'error', error: 'x', data: { result: [] } }),
      'the response is not from Prometheus; set another source with --metrics',
    ],
  ])('%d %s', async (status, body, expected) => {
    answer = (_, response) => response.writeHead(status).end(body);

    await expect(cloud()).rejects.toThrow(new Error(`no metrics from ${address}: ${expected}`));
  });

  test('too many queries: an error after three attempts', async () => {
    answer = (_, response) => response.writeHead(429).end(google('Quota exceeded'));

    await expect(cloud()).rejects.toThrow(
      `${address}: status 429 (Quota exceeded); wait a minute and repeat the command`,
    );
    const attemptCount = requested.filter(({ query }) => query === requested[0]?.query);
    expect(attemptCount).toHaveLength(3);
  });

  test('a temporary error is retried', async () => {
    const refused = new Set<string>();
    answer = ({ query }, response) => {
      if (refused.has(query)) return response.end(vector([[{}, '7']]));
      refused.add(query);
      return response.writeHead(503).end();
    };

    expect((await cloud()).recent.availability.canary).toEqual({ all: 7, failed: 7 });
  });

  test('no response', async () => {
    answer = () => undefined;
    timeoutMs = 100;

    await expect(cloud()).rejects.toThrow(
      `${address}: no response in 30 s; repeat the command, or set another source with --metrics`,
    );
  });
});
