/** `mesh canary` with the metrics of a Prometheus, on a copy of the repository's own catalogue. */
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startPrometheus } from '../../verification/canary-lab/prometheus';
import { scratchFolder, Teardown } from '../../verification/support/teardown';
import { labTools } from '../../verification/toolchain/lab-tools';
import { readEvidence } from '../../tools/canary-release/metrics';
import { Session } from '../../tools/canary-release/session';

jest.setTimeout(120_000);

/** A minute is a sample; the step began so many of them ago, and another release failed before. */
const STEP_MINUTES = 40;
const teardown = new Teardown();
let folder: string;
let address: string;

beforeAll(async () => {
  folder = scratchFolder(teardown, 'canary-prometheus-');
  cpSync('mesh-config', folder, { recursive: true });
  // Tiles lie at whole minutes.
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
        ['200', good - 2 * slow],
        ['400', good],
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

test('counts the step alone, by the same expressions as the detectors', async () => {
  const session = Session.open(folder, { service: 'checkout', environment: 'prod' }, {}, new Date());
  const { step, recent } = await readEvidence(address, session.environment, session.service);

  expect(step.availability).toEqual({
    canary: { all: 120 * STEP_MINUTES, failed: 2 * STEP_MINUTES },
    stable: { all: 1_080 * STEP_MINUTES, failed: STEP_MINUTES },
  });
  // Half of those between 200 and 400 ms are beyond 300 ms, as a histogram tells it.
  expect(step.latency.canary.all).toBe(118 * STEP_MINUTES);
  expect(step.latency.canary.failed).toBeCloseTo(6 * STEP_MINUTES, 6);
  expect(recent.availability.canary).toEqual({ all: 600, failed: 10 });
});

function mesh(...args: readonly string[]): Promise<{ code: number; output: string; complaint: string }> {
  return new Promise((resolve) => {
    const sources = ['--metrics', address, '--weight-caps', join(folder, 'weight-caps.json')];
    execFile(
      process.execPath,
      ['tools/mesh.mjs', 'canary', ...args, 'checkout', '--env', 'prod', ...sources],
      { env: { ...process.env, MESH_CONFIG: folder } },
      (error, output, complaint) => resolve({ code: error ? 1 : 0, output, complaint }),
    );
  });
}

test('the command refuses to advance, says so to people and to pipelines, and leaves the file alone', async () => {
  const file = join(folder, 'releases', 'prod.yaml');
  const before = readFileSync(file, 'utf8');
  const burns =
    "availability burns 3.3 times its budget in this step, and the canary is the cause; give the release up by 'rollback'";

  expect(await mesh('advance')).toEqual({
    code: 1,
    output: '',
    complaint: `checkout in prod: ${burns}\n`,
  });
  const { code, output } = await mesh('advance', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({ moved: false, blockers: [{ fix: burns.split('; ')[1] }] });
  expect((await mesh('status')).output).toContain('80 bad of 4800 (3.3 times the budget)');
  expect(readFileSync(file, 'utf8')).toBe(before);

  expect((await mesh('rollback')).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toMatch(/weightPercent: 0\n.*\n.*\n {6}rolledBackAt: /);
});

test.each([
  [
    'a server of something else',
    (_: unknown, answer: any) => answer.end('<html>'),
    'that is no answer of Prometheus',
  ],
  [
    'a Prometheus that refuses',
    (_: unknown, answer: any) => answer.writeHead(403).end(),
    'status 403; see that it is the address of a Prometheus that lets everybody ask',
  ],
])('%s is told in one sentence', async (_, reply, message) => {
  const server = createServer(reply as any);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const session = Session.open(folder, { service: 'checkout', environment: 'prod' }, {}, new Date());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  await expect(readEvidence(url, session.environment, session.service)).rejects.toThrow(message);
  server.close();
  server.closeAllConnections();
});
