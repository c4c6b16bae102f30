/** The lab stops everything that it started, however it ends. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unmetRequirement } from '../../verification/mesh-lab/interception/unmet-requirement';
import { LabRun } from '../support/lab-run';

jest.setTimeout(300_000);

const runs: LabRun[] = [];
const INTERRUPTED = 'interrupted: stopping everything that was started\n';

function start(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): LabRun {
  const run = new LabRun(program, args, env);
  runs.push(run);
  return run;
}

function expectNothingLeft(run: LabRun): void {
  expect(run.processes()).toEqual([]);
  expect(run.leftovers()).toEqual([]);
}

const out = mkdtempSync(join(tmpdir(), 'lab-reports-'));
afterAll(async () => {
  await Promise.all(runs.map((run) => run.dispose()));
  rmSync(out, { recursive: true });
});

test.each([
  ['it synthesizes', 'node'],
  ['the configuration server starts', 'xds-server'],
  ['proxies run', 'envoy'],
])('Ctrl-C while %s leaves nothing behind, and prints one message', async (_, program) => {
  const run = start('mesh-lab', ['--behaviour', '--only', '^timeouts/', '--out', join(out, 'interrupted')]);
  await run.runs(program);
  run.interrupt();

  expect(await run.exit).toBe(130);
  expect(run.output()).toBe(INTERRUPTED);
  expectNothingLeft(run);
});

/** Other machines skip these tests of the lab. */
const whereRedirected = unmetRequirement() === undefined ? test : test.skip;

whereRedirected('Ctrl-C with a redirected pod leaves nothing behind', async () => {
  const run = start('mesh-lab', [
    '--behaviour',
    '--only',
    '^interception/',
    '--out',
    join(out, 'redirected'),
  ]);
  await run.runs('sleep');
  run.interrupt();

  expect(await run.exit).toBe(130);
  expect(run.output()).toBe(INTERRUPTED);
  expectNothingLeft(run);
});

test('Ctrl-C during a mutation leaves nothing behind, and prints no consequential errors', async () => {
  const run = start('mutation', ['port of a Service is closed|any method|any path']);
  await run.says(/^killed .*\n/m);
  run.interrupt();

  expect(await run.exit).toBe(130);
  expect(run.output().replace(/^(killed|mutation:) .*\n/gm, '')).toBe(INTERRUPTED);
  expectNothingLeft(run);
});

test('a failed start prints one message and leaves nothing behind', async () => {
  const run = start('mesh-lab', ['--behaviour', '--only', '^timeouts/', '--out', join(out, 'failed')], {
    PATH: `${failingOpenssl()}:${process.env['PATH'] ?? ''}`,
  });

  expect(await run.exit).toBe(1);
  expect(run.output()).toMatch(/^openssl .*foreign-authority.*\nno entropy\n$/);
  expectNothingLeft(run);
});

/** Fails for the last certificate, when all proxies run. */
function failingOpenssl(): string {
  const folder = join(out, 'bin');
  const program = join(folder, 'openssl');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(
    program,
    `#!/bin/sh
case "$*" in *foreign-authority/leaf*) echo no entropy >&2; exit 1 ;; esac
PATH="\${PATH#*:}" exec openssl "$@"
`,
  );
  chmodSync(program, 0o755);
  return folder;
}

test('two labs can run at the same time', async () => {
  const both = ['one', 'other'].map((name) =>
    start('mesh-lab', ['--only', '^(transport|static/prod|interception)', '--out', join(out, name)]),
  );

  for (const run of both) {
    expect([await run.exit, run.output()]).toEqual([0, expect.stringMatching(/prod: \d+ passed, 0 failed/)]);
    expectNothingLeft(run);
  }
});
