/** The shell of Cloud Build's step, with programs around it that write down how they were called. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const SUMMARY = '[{"stack":"prod-data","outcome":"changes","sha256":"x"}]\n';
const DIGEST = createHash('sha256').update(SUMMARY).digest('hex');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloud-build-'));
  mkdirSync(join(folder, '.ci'));
  mkdirSync(join(folder, 'bin'));
  copyFileSync('.ci/cloud-build.sh', join(folder, '.ci/cloud-build.sh'));
  program('npm', `case "$*" in *' login '*) echo bucket=the-bucket ;; *drift*) exit "\${DRIFT:-0}" ;; esac`);
  program('npx', 'true');
  program('gcloud', 'true');
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, body: string): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/usr/bin/env bash\necho "${name} $*" >> '${join(folder, 'calls')}'\n${body}\n`);
  chmodSync(file, 0o755);
}

function plans(): void {
  mkdirSync(join(folder, 'plans'));
  writeFileSync(join(folder, 'plans', 'summary.json'), SUMMARY);
  writeFileSync(join(folder, 'plans', 'prod-data.json'), '{}');
  writeFileSync(join(folder, 'plans', 'prod-data.tfplan'), '');
}

function run(env: Readonly<Record<string, string>>) {
  const { status, stdout, stderr } = spawnSync('bash', [join(folder, '.ci/cloud-build.sh')], {
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, BUILD: 'b-1', ...env },
  });
  let calls: string[] = [];
  try {
    calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  } catch {
    // Nothing was called.
  }
  return { status, calls, output: stdout + stderr };
}

test('a build without a step of its own is the rollback that the guard starts', () => {
  const { substitutions, steps } = parse(readFileSync('cloudbuild.yaml', 'utf8'));
  expect(substitutions._STEP).toBe('rollback');
  const { args, env } = steps.at(-1);
  expect(args.at(-1)).toMatch(/npm ci .*\n.*npm run synth\n.*bash \.ci\/cloud-build\.sh$/m);
  for (const name of Object.keys(substitutions)) expect(env).toContain(`${name.slice(1)}=$${name}`);

  const { status, calls } = run({ ENVIRONMENT: 'prod', STEP: substitutions._STEP });
  expect([status, calls]).toEqual([0, ['npm run rollback -- --env prod']]);
});

test('a plan is reviewed, kept beside the state, and says how it is applied', () => {
  plans();
  const { status, calls, output } = run({ ENVIRONMENT: 'prod', STEP: 'plan', WAVE: '3' });

  expect(status).toBe(0);
  expect(calls).toEqual([
    'npm run plan -- --env prod --wave 3',
    'npx --no-install mesh review plans/prod-data.json',
    'npm run --silent login -- --env prod --account plan',
    'gcloud storage cp plans/prod-data.tfplan plans/summary.json gs://the-bucket/plans/b-1/',
  ]);
  expect(output).toContain(`to apply: _STEP=apply,_ENVIRONMENT=prod,_WAVE=3,_PLANS=b-1,_APPROVED=${DIGEST}`);
});

test('what is applied is what was approved', () => {
  plans();
  const apply = { ENVIRONMENT: 'prod', STEP: 'apply', WAVE: '3', PLANS: 'b-1' };
  const { status, calls } = run({ ...apply, APPROVED: DIGEST });
  expect([status, calls]).toEqual([
    0,
    [
      'npm run --silent login -- --env prod --account apply',
      'gcloud storage cp gs://the-bucket/plans/b-1/* plans/',
      'npm run apply -- --env prod --wave 3 --approved plans/summary.json',
    ],
  ]);

  rmSync(join(folder, 'calls'));
  const other = run({ ...apply, APPROVED: DIGEST.replace(/^./, 'x') });
  expect(other.status).toBe(1);
  expect(other.output).toContain('these are not the plans that were approved; plan again');
  expect(other.calls.join()).not.toContain('npm run apply');
});

test('drift is reviewed, and fails the build', () => {
  plans();
  const drift = { ENVIRONMENT: 'prod', STEP: 'drift' };
  const found = run({ ...drift, DRIFT: '2' });
  expect([found.status, found.calls.at(-1)]).toEqual([
    2,
    'npx --no-install mesh review plans/prod-data.json',
  ]);

  rmSync(join(folder, 'calls'));
  const none = run(drift);
  expect([none.status, none.calls]).toEqual([0, ['npm run --silent drift -- --env prod']]);
});

test.each([
  [
    { ENVIRONMENT: 'prod', STEP: 'deploy' },
    "only dev is deployed without an approved plan; use _STEP=plan for 'prod'",
  ],
  [{ ENVIRONMENT: '', STEP: 'plan' }, 'no environment is named; set _ENVIRONMENT'],
  [
    { ENVIRONMENT: 'prod', STEP: 'destroy' },
    "'destroy' is no step; set _STEP to plan, apply, deploy, drift or rollback",
  ],
  [
    { ENVIRONMENT: 'prod', STEP: 'apply' },
    'no plan is named; take _PLANS and _APPROVED from the build that planned',
  ],
])('%j is refused before anything runs', (env, sentence) => {
  const { status, calls, output } = run(env);
  expect([status, calls, output.trim()]).toEqual([1, [], sentence]);
});

test('dev is deployed at once', () => {
  expect(run({ ENVIRONMENT: 'dev', STEP: 'deploy' }).calls).toEqual([
    'npm run deploy -- dev-* --auto-approve',
  ]);
});
