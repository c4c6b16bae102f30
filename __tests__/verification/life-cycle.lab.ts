/** Everything that the lab starts it ends, however it ends itself. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unmetRequirement } from '../../verification/mesh-lab/interception/unmet';
import { LabRun } from '../support/lab-run';

jest.setTimeout(300_000);

const runs: LabRun[] = [];
const ONE_SENTENCE = 'interrupted: everything that was started is being ended\n';

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
])('Ctrl-C while %s leaves nothing, and says so in one sentence', async (_, program) => {
  const run = start('mesh-lab', ['--behaviour', '--only', '^timeouts/', '--out', join(out, 'interrupted')]);
  await run.runs(program);
  run.interrupt();

  expect(await run.exit).toBe(130);
  expect(run.output()).toBe(ONE_SENTENCE);
  expectNothingLeft(run);
});

/** On a machine that lets nobody redirect, the lab says so, and nothing is under way. */
const whereRedirected = unmetRequirement() === undefined ? test : test.skip;

whereRedirected('Ctrl-C while a pod is redirected leaves nothing', async () => {
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
  expect(run.output()).toBe(ONE_SENTENCE);
  expectNothingLeft(run);
});

test('Ctrl-C while objects are mutated leaves nothing, and no complaint of what was under way', async () => {
  const run = start('mutation', ['nobody listens|any method|any path']);
  await run.says(/^caught .*\n/m);
  run.interrupt();

  expect(await run.exit).toBe(130);
  expect(run.output().replace(/^caught .*\n/gm, '')).toBe(ONE_SENTENCE);
  expectNothingLeft(run);
});

test('a failure half-way is one message, and leaves nothing', async () => {
  const run = start('mesh-lab', ['--behaviour', '--only', '^timeouts/', '--out', join(out, 'failed')], {
    PATH: `${failingOpenssl()}:${process.env['PATH'] ?? ''}`,
  });

  expect(await run.exit).toBe(1);
  expect(run.output()).toMatch(/^openssl .*foreign-authority.*\nno entropy today\n$/);
  expectNothingLeft(run);
});

/** Fails at the last certificate, when every proxy is up. */
function failingOpenssl(): string {
  const folder = join(out, 'bin');
  const program = join(folder, 'openssl');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(
    program,
    `#!/bin/sh
case "$*" in *foreign-authority/leaf*) echo no entropy today >&2; exit 1 ;; esac
PATH="\${PATH#*:}" exec openssl "$@"
`,
  );
  chmodSync(program, 0o755);
  return folder;
}

test('two labs side by side do not collide', async () => {
  const both = ['one', 'other'].map((name) =>
    start('mesh-lab', ['--only', '^(transport|static/prod|interception)', '--out', join(out, name)]),
  );

  for (const run of both) {
    expect([await run.exit, run.output()]).toEqual([
      0,
      expect.stringMatching(/prod: \d+ promises kept, 0 broken/),
    ]);
    expectNothingLeft(run);
  }
});
