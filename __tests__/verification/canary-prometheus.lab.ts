/** `mesh canary` with the metrics of a Prometheus, on a copy of the reference shop. */
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startPrometheus } from '../../verification/canary-lab/prometheus';
import { scratchFolder, Teardown } from '../../verification/support/teardown';
import { labTools } from '../../verification/toolchain/lab-tools';
import { readEvidence } from '../../tools/canary-release/metrics';
import { readRelease } from '../../tools/canary-release/snapshot';
import { REFERENCE_SHOP } from '../support/catalogues';

jest.setTimeout(120_000);

/** Age of the step. Every request to the release before it failed. One sample a minute. */
const STEP_MINUTES = 40;
const teardown = new Teardown();
let folder: string;
let address: string;

beforeAll(async () => {
  folder = scratchFolder(teardown, 'canary-prometheus-');
  cpSync(REFERENCE_SHOP, folder, { recursive: true });
  // Queries count from whole minutes.
  const nowMinute = Math.floor(Date.now() / 60_000);
  const since = new Date((nowMinute - STEP_MINUTES) * 60_000).toISOString().replace('.000Z', 'Z');
  const file = join(folder, 'releases', 'prod.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(startedAt|stepSince): .*/g, `$1: ${since}`));
  writeFileSync(join(folder, 'weight-caps.json'), '{"items":[]}');
  const tools = await labTools(['prometheus'], () => undefined);
  address = await startPrometheus(teardown, { tools, folder, history: history(nowMinute) });
});
afterAll(() => teardown.run());

/** 120 requests a minute to v2 of which 2 fail and 6 are slow, 1080 to v1 of which 1 fails and 54 are slow. */
function history(nowMinute: number): string {
  const counts = new Map<string, string[]>();
  const add = (metric: string, labels: string, minute: number, value: number) => {
    const series = `${metric}{monitored_resource="istio_canonical_service",destination_service_namespace="purchasing",${labels}}`;
    counts.set(metric, [...(counts.get(metric) ?? []), `${series} ${value} ${minute * 60}`]);
  };
  for (const [version, good, failed, slow] of [
    ['v1', 1_079, 1, 54],
    ['v2', 118, 2, 6],
  ] as const) {
    for (let age = STEP_MINUTES + 30; age >= 0; age--) {
      const minutes = STEP_MINUTES + 30 - age;
      // Before the step every request to v2 failed.
      const before = version === 'v2' ? Math.min(minutes, 30) : 0;
      const after = minutes - before;
      const at = nowMinute - age;
      const host = `destination_service_name="checkout-${version}"`;
      add('istio_io:service_client_request_count', `${host},response_code="200"`, at, good * after);
      add(
        'istio_io:service_client_request_count',
        `${host},response_code="503"`,
        at,
        failed * after + 120 * before,
      );
      for (const [le, count] of [
        ['256', good - slow],
        ['512', good],
        ['+Inf', good],
      ] as const)
        add(
          'istio_io:service_client_roundtrip_latencies_bucket',
          `${host},response_code="200",le="${le}"`,
          at,
          count * after,
        );
    }
  }
  return `${[...counts].map(([metric, lines]) => `# TYPE ${metric} gauge\n${lines.join('\n')}`).join('\n')}\n# EOF\n`;
}

test('counts only the requests of the step, with the expressions of the detectors', async () => {
  const release = readRelease(folder, { service: 'checkout', environment: 'prod' }, new Date());
  const { step, recent } = await readEvidence(address, release.environment, release.service);

  const minutes = step.availability.canary.all / 120;
  // The first range of four minutes counts as its last minute. Another minute may begin during the test.
  expect(minutes).toBeGreaterThanOrEqual(STEP_MINUTES - 3);
  expect(minutes).toBeLessThanOrEqual(STEP_MINUTES - 1);
  expect(step.availability).toEqual({
    canary: { all: expect.closeTo(120 * minutes, 6), failed: expect.closeTo(2 * minutes, 6) },
    stable: { all: expect.closeTo(1_080 * minutes, 6), failed: expect.closeTo(minutes, 6) },
  });
  // Requests between 256 and 512 ms count as slow at a threshold of 300 ms.
  expect(step.latency.canary.all).toBeCloseTo(118 * minutes, 6);
  expect(step.latency.canary.failed).toBeCloseTo(6 * minutes, 6);
  expect(recent.availability.canary).toEqual({
    all: expect.closeTo(600, 6),
    failed: expect.closeTo(10, 6),
  });
});

function mesh(...args: readonly string[]): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    const sources = ['--metrics', address, '--weight-caps', join(folder, 'weight-caps.json')];
    execFile(
      process.execPath,
      ['tools/mesh.mjs', 'canary', ...args, 'checkout', '--env', 'prod', ...sources],
      { env: { ...process.env, MESH_CONFIG: folder } },
      (error, output, errors) => resolve({ code: error ? 1 : 0, output, errors }),
    );
  });
}

test('the command refuses to advance, reports why as text and JSON, and does not change the file', async () => {
  const file = join(folder, 'releases', 'prod.yaml');
  const before = readFileSync(file, 'utf8');
  const burns =
    "v2 burns its availability error budget at 3.3× in this step and is worse than v1; run 'rollback'";

  expect(await mesh('advance')).toEqual({
    code: 1,
    output: '',
    errors: `checkout in prod: ${burns}\n`,
  });
  const { code, output } = await mesh('advance', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({ changed: false, blockers: [{ fix: burns.split('; ')[1] }] });
  expect((await mesh('status')).output).toMatch(/7\d of 4\d{3} failed \(3\.3× budget\)/);
  expect(readFileSync(file, 'utf8')).toBe(before);

  expect((await mesh('rollback')).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toMatch(/weightPercent: 0\n.*\n.*\n {6}rolledBackAt: /);
});

test.each([
  [
    'another server',
    (_: unknown, response: any) => response.end('<html>'),
    'the response is not from Prometheus',
  ],
  [
    'a Prometheus that refuses',
    (_: unknown, response: any) => response.writeHead(403).end(),
    'status 403; set --metrics to a Prometheus without authentication',
  ],
])('the error message for %s is one sentence', async (_, reply, message) => {
  const server = createServer(reply as any);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const release = readRelease(folder, { service: 'checkout', environment: 'prod' }, new Date());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  await expect(readEvidence(url, release.environment, release.service)).rejects.toThrow(message);
  server.close();
  server.closeAllConnections();
});
