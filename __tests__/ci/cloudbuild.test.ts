import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Build {
  readonly substitutions: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly id: string;
    readonly name: string;
    readonly entrypoint: string;
    readonly env?: readonly string[];
    readonly args: readonly string[];
  }[];
}

const build = parse(readFileSync('cloudbuild.yaml', 'utf8')) as Build;
const { env = [], args, entrypoint } = build.steps.at(-1)!;
const [flags = '', script = ''] = args;

/** Replace npm, npx and gcloud: they log their arguments and write the files that the real ones would. */
const NPM = `#!/bin/sh
echo "npm $*" >> calls
case "$*" in
  *login*) echo "service_account=x"; echo "bucket=shop-state" ;;
  "run plan"*) mkdir -p plans; echo '[]' > plans/summary.json; touch plans/dev-network.tfplan plans/dev-network.json ;;
  *drift*) mkdir -p plans; touch plans/dev-network.json; exit "$DRIFT" ;;
esac
`;
const NPX = `#!/bin/sh
echo "npx $*" >> calls
`;
const GCLOUD = `#!/bin/sh
echo "gcloud $*" >> calls
case "$3" in gs:*) echo '[]' > plans/summary.json ;; esac
`;
const DIGEST = createHash('sha256').update('[]\n').digest('hex');

let work: string;

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'cloudbuild-'));
  mkdirSync(join(work, 'bin'));
  for (const [name, text] of Object.entries({ npm: NPM, npx: NPX, gcloud: GCLOUD }))
    writeFileSync(join(work, 'bin', name), text, { mode: 0o755 });
});

afterEach(() => rmSync(work, { recursive: true }));

/** Runs the script as Cloud Build does: substitutions become environment variables, and `$$` becomes `$`. */
function run(overrides: Readonly<Record<string, string>>, drift = '0') {
  const substitutions = { ...build.substitutions, BUILD_ID: 'b-2', ...overrides };
  const environment = env.map((line) =>
    line.replace(/\$(\w+)/g, (_, name: string) => {
      if (!(name in substitutions)) throw new Error(`unknown substitution ${name}`);
      return (substitutions as Record<string, string>)[name]!;
    }),
  );
  const { status, stdout, stderr } = spawnSync(entrypoint, [flags, script.replaceAll('$$', '$')], {
    cwd: work,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${join(work, 'bin')}:${process.env['PATH'] ?? ''}`,
      // Without it, bash assumes a remote shell and reads the user's profile.
      SHLVL: '1',
      DRIFT: drift,
      ...Object.fromEntries(environment.map((line) => line.split(/=(.*)/s).slice(0, 2))),
    },
  });
  const calls = existsSync(join(work, 'calls')) ? readFileSync(join(work, 'calls'), 'utf8') : '';
  return { status, message: stdout + stderr, calls: calls.trim().split('\n') };
}

const PREPARED = ['npm ci --no-audit --no-fund', 'npm run synth'];

test('the default step is rollback, and every substitution is used', () => {
  expect(build.substitutions['_STEP']).toBe('rollback');
  expect(build.options['substitutionOption']).toBe('MUST_MATCH');
  for (const name of Object.keys(build.substitutions))
    expect(env.filter((line) => line.endsWith(`=$${name}`))).toHaveLength(1);
  // Cloud Build would insert a substitution into the text of the script.
  expect(script.replaceAll('$$', '')).not.toContain('$');
});

test('rollback runs only the rollback step', () => {
  expect(run({ _ENVIRONMENT: 'dev' })).toMatchObject({
    status: 0,
    calls: [...PREPARED, 'npm run rollback -- --env dev'],
  });
});

test('plan stores the plans with the state, and prints the substitutions that apply them', () => {
  const { status, message, calls } = run({ _ENVIRONMENT: 'dev', _STEP: 'plan', _WAVE: '1' });

  expect(status).toBe(0);
  expect(calls).toEqual([
    ...PREPARED,
    'npm run --silent login -- --env dev --account plan',
    'npm run plan -- --env dev --wave 1',
    'npx --no-install mesh review plans/dev-network.json',
    'gcloud storage cp plans/dev-network.tfplan plans/summary.json gs://shop-state/plans/b-2/dev-1/',
  ]);
  expect(message).toContain(`_PLANNED_BY=b-2, _APPROVED=${DIGEST}`);
});

describe('apply', () => {
  const apply = { _ENVIRONMENT: 'dev', _STEP: 'apply', _WAVE: '1', _PLANNED_BY: 'b-1' };

  test('applies the approved plans', () => {
    const { status, calls } = run({ ...apply, _APPROVED: DIGEST });

    expect(status).toBe(0);
    expect(calls.slice(PREPARED.length + 1)).toEqual([
      'gcloud storage cp gs://shop-state/plans/b-1/dev-1/* plans/',
      'npm run apply -- --env dev --wave 1 --approved plans/summary.json',
    ]);
  });

  test.each(['', '0'.repeat(64)])('rejects plans without the approved digest: %j', (digest) => {
    const { status, calls } = run({ ...apply, _APPROVED: digest });

    expect(status).not.toBe(0);
    expect(calls.join()).not.toContain('run apply');
  });
});

test.each([
  ['no drift', '0', 0, false],
  ['drift', '2', 2, true],
  ['a failed plan', '1', 1, false],
])('drift: the build has the exit code of its step after %s', (_, drift, expected, reviewed) => {
  const { status, calls } = run({ _ENVIRONMENT: 'dev', _STEP: 'drift' }, drift);

  expect([status, calls.some((line) => line.startsWith('npx'))]).toEqual([expected, reviewed]);
});

test('an unknown step is rejected before anything runs', () => {
  const { status, message, calls } = run({ _ENVIRONMENT: 'dev', _STEP: 'destroy' });

  expect([status, calls]).toEqual([1, ['']]);
  expect(message).toBe("unknown step 'destroy'; use plan, apply, drift, rollback or release\n");
});

test('the shell does not evaluate the name of the environment', () => {
  const { calls } = run({ _ENVIRONMENT: 'dev; touch injected $(touch injected)' });

  expect(calls.at(-1)).toBe('npm run rollback -- --env dev; touch injected $(touch injected)');
  expect(existsSync(join(work, 'injected'))).toBe(false);
});
