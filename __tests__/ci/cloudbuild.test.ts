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

/**
 * Stand in for npm, npx and Google's command line: they write down what they are asked, and leave what the real ones
 * would. The shell between them is the build's own.
 */
const NPM = `#!/bin/sh
echo "npm $*" >> asked
case "$*" in
  *login*) echo "service_account=x"; echo "bucket=shop-state" ;;
  "run plan"*) mkdir -p plans; echo '[]' > plans/summary.json; touch plans/dev-network.tfplan plans/dev-network.json ;;
  *drift*) mkdir -p plans; touch plans/dev-network.json; exit "$DRIFT" ;;
esac
`;
const NPX = `#!/bin/sh
echo "npx $*" >> asked
`;
const GCLOUD = `#!/bin/sh
echo "gcloud $*" >> asked
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

/** As Cloud Build starts it: substitutions go into the environment, and `$$` is one `$`. */
function run(given: Readonly<Record<string, string>>, drift = '0') {
  const substitutions = { ...build.substitutions, BUILD_ID: 'b-2', ...given };
  const environment = env.map((line) =>
    line.replace(/\$(\w+)/g, (_, name: string) => {
      if (!(name in substitutions)) throw new Error(`nothing is called ${name}`);
      return (substitutions as Record<string, string>)[name]!;
    }),
  );
  const { status, stdout, stderr } = spawnSync(entrypoint, [flags, script.replaceAll('$$', '$')], {
    cwd: work,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${join(work, 'bin')}:${process.env['PATH'] ?? ''}`,
      // Without it, bash takes itself for a remote shell and reads what is set up for people.
      SHLVL: '1',
      DRIFT: drift,
      ...Object.fromEntries(environment.map((line) => line.split(/=(.*)/s).slice(0, 2))),
    },
  });
  const requested = existsSync(join(work, 'asked')) ? readFileSync(join(work, 'asked'), 'utf8') : '';
  return { status, message: stdout + stderr, requested: requested.trim().split('\n') };
}

const PREPARED = ['npm ci --no-audit --no-fund', 'npm run synth'];

test('it does what the guard wants unless it is told otherwise, and every substitution is used', () => {
  expect(build.substitutions['_STEP']).toBe('rollback');
  expect(build.options['substitutionOption']).toBe('MUST_MATCH');
  for (const name of Object.keys(build.substitutions))
    expect(env.filter((line) => line.endsWith(`=$${name}`))).toHaveLength(1);
  // Cloud Build would put a substitution into the text of a command.
  expect(script.replaceAll('$$', '')).not.toContain('$');
});

test('rollback is the step that only takes weight', () => {
  expect(run({ _ENVIRONMENT: 'dev' })).toMatchObject({
    status: 0,
    requested: [...PREPARED, 'npm run rollback -- --env dev'],
  });
});

test('plan keeps the plans beside the state, and says by what they are applied', () => {
  const { status, message, requested } = run({ _ENVIRONMENT: 'dev', _STEP: 'plan', _WAVE: '1' });

  expect(status).toBe(0);
  expect(requested).toEqual([
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

  test('takes the plans that were approved', () => {
    const { status, requested } = run({ ...apply, _APPROVED: DIGEST });

    expect(status).toBe(0);
    expect(requested.slice(PREPARED.length + 1)).toEqual([
      'gcloud storage cp gs://shop-state/plans/b-1/dev-1/* plans/',
      'npm run apply -- --env dev --wave 1 --approved plans/summary.json',
    ]);
  });

  test.each(['', '0'.repeat(64)])('takes no others, as after the digest %j', (digest) => {
    const { status, requested } = run({ ...apply, _APPROVED: digest });

    expect(status).not.toBe(0);
    expect(requested.join()).not.toContain('run apply');
  });
});

test.each([
  ['none', '0', 0, false],
  ['some', '2', 2, true],
  ['a plan that fails', '1', 1, false],
])('drift: of %s the build ends as its step does', (_, drift, expected, reviewed) => {
  const { status, requested } = run({ _ENVIRONMENT: 'dev', _STEP: 'drift' }, drift);

  expect([status, requested.some((line) => line.startsWith('npx'))]).toEqual([expected, reviewed]);
});

test('a step that there is not is refused before anything is run', () => {
  const { status, message, requested } = run({ _ENVIRONMENT: 'dev', _STEP: 'destroy' });

  expect([status, requested]).toEqual([1, ['']]);
  expect(message).toBe("'destroy' is no step; use plan, apply, drift or rollback\n");
});

test('an environment is a word to the shell, whatever is in it', () => {
  const { requested } = run({ _ENVIRONMENT: 'dev; touch hurt $(touch hurt)' });

  expect(requested.at(-1)).toBe('npm run rollback -- --env dev; touch hurt $(touch hurt)');
  expect(existsSync(join(work, 'hurt'))).toBe(false);
});
