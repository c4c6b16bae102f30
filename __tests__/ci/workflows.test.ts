import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { writeThroughGate } from '../../gated-output';
import { STACK_NAMES } from '../../model/naming';
import { addEnvironment } from '../../stacks';
import { selectStacks, wavesOf } from '../../tools/synthesized-stacks';
import { commandsIn, unknownCommands } from '../support/npm-scripts';
import { shop } from '../support/catalogues';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly with?: { readonly environment: string; readonly wave?: number };
  readonly if?: string;
  readonly strategy?: {
    readonly 'max-parallel'?: number;
    readonly 'fail-fast'?: boolean;
    readonly matrix: { readonly environment?: unknown };
  };
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = '.github/workflows';
const FILES = readdirSync(FOLDER);
const ACTIONS = ['prepare', 'cloud'].map((name) => `.github/actions/${name}/action.yml`);
const text = (file: string) => readFileSync(file, 'utf8');
const workflow = (name: string) => parse(text(join(FOLDER, name))) as Workflow;
const jobsOf = (name: string) => Object.entries(workflow(name).jobs);
const stepsOf = (job: Job) => job.steps ?? [];
const everyText = [...FILES.map((name) => join(FOLDER, name)), ...ACTIONS, 'cloudbuild.yaml'];

test('every external action is pinned by commit, with its version as a comment', () => {
  const uses = everyText.flatMap((file) => [...text(file).matchAll(/uses: (\S+)(.*)/g)]);
  const external = uses.filter(([, what = '']) => !what.startsWith('./'));

  expect(external.length).toBeGreaterThan(15);
  for (const [line] of external)
    expect(line).toMatch(/^uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('every use of an action has the same commit', () => {
  const pins = everyText
    .flatMap((file) => [...text(file).matchAll(/uses: ([\w.-]+\/[\w.-]+)@(\S+)/g)])
    .map(([, name, digest]) => `${name} ${digest}`);

  expect(new Set(pins).size).toBe(new Set(pins.map((pin) => pin.split(' ')[0])).size);
});

test('every script and command of the pipelines exists', () => {
  const commands = everyText.flatMap((file) => commandsIn(text(file)));

  expect(commands.length).toBeGreaterThan(10);
  expect(unknownCommands(commands)).toEqual([]);
  for (const [script = ''] of everyText.flatMap((file) => [...text(file).matchAll(/\.ci\/[\w.-]+/g)]))
    expect(readdirSync('.ci')).toContain(script.slice('.ci/'.length).split('/')[0]);
});

describe.each(FILES)('%s', (name) => {
  test('grants permissions per job, with at most one write permission', () => {
    expect(workflow(name).permissions).toEqual({});
    for (const [job, { permissions = {} }] of jobsOf(name)) {
      expect(Object.keys(permissions)).not.toHaveLength(0);
      const written = Object.keys(permissions).filter((what) => permissions[what] === 'write');
      expect([job, written.length <= 1]).toEqual([job, true]);
    }
  });

  test('does not store the GitHub token in the working copy', () => {
    const checkouts = jobsOf(name).flatMap(([, job]) =>
      stepsOf(job).filter(({ uses }) => uses?.startsWith('actions/checkout@')),
    );
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
  });

  test('has no expressions in shell scripts, and prints no secrets', () => {
    const lines = jobsOf(name).flatMap(([, job]) => stepsOf(job).map(({ run = '' }) => run));
    for (const line of lines) {
      expect(line).not.toContain('${{');
      expect(line).not.toMatch(/set -x|printenv|\benv$|terraform show|cat plans\/[^s]|TOKEN|secrets\./m);
    }
    expect(text(join(FOLDER, name))).not.toMatch(/credentials_json|secrets\.|pull_request_target/);
  });
});

test('an apply waits for its environment, logs in through it, and is never cancelled', () => {
  const applying = FILES.flatMap((name) =>
    jobsOf(name).map(([id, job]) => ({ id: `${name} ${id}`, job })),
  ).filter(({ job }) => stepsOf(job).some((step) => step.with?.['account'] === 'apply'));

  expect(applying.map(({ id }) => id).sort()).toEqual([
    'deploy.yml immediate',
    'rollback.yml rollback',
    'wave.yml apply',
  ]);
  for (const { job } of applying) {
    expect(job.environment).toBeDefined();
    const cloud = stepsOf(job).find((step) => step.uses === './.github/actions/cloud');
    expect(cloud?.with?.['environment']).toBe(job.environment);
  }
  for (const [, job] of jobsOf('wave.yml')) expect(job.concurrency?.['cancel-in-progress']).toBe(false);
  // GitHub keeps only one waiting job of a group. So a rollback has its own group; the state lock serializes the two.
  expect(workflow('wave.yml').jobs['apply']?.concurrency?.group).toBe('${{ inputs.environment }}-apply');
});

test('code of a pull request never runs with credentials', () => {
  const { synth, plan, releases } = workflow('pull-request.yml').jobs;

  expect(synth?.permissions).toEqual({ contents: 'read' });
  expect(plan?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  for (const job of [plan!, releases!]) {
    const [checkout] = stepsOf(job);
    expect(checkout?.with?.['ref']).toBe('${{ github.event.pull_request.base.sha }}');
    expect(stepsOf(job).find(({ uses }) => uses === './.github/actions/prepare')?.with).toEqual({
      synth: 'false',
    });
  }
  // The time of a commit is known only with all of them.
  expect(stepsOf(releases!)[0]?.with?.['fetch-depth']).toBe(0);
});

test('only the release workflow of the main branch logs in as the account that signs', () => {
  const signing = FILES.flatMap((name) =>
    jobsOf(name).map(([id, job]) => ({ id: `${name} ${id}`, job })),
  ).filter(({ job }) => stepsOf(job).some((step) => step.with?.['account'] === 'release'));

  expect(signing.map(({ id }) => id)).toEqual(['release.yml attest']);
  expect(stepsOf(signing[0]!.job)[0]?.with?.['ref']).toBe('main');
});

test('saved plans are never artifacts of a run', () => {
  const uploads = FILES.flatMap((name) => jobsOf(name).flatMap(([, job]) => stepsOf(job))).filter(
    ({ uses }) => uses?.startsWith('actions/upload-artifact@'),
  );

  expect(uploads.map((step) => step.with?.['path']).sort()).toEqual([
    'drift',
    'head/cdktf.out',
    'head/mesh-config',
    'junit',
    'junit',
    'release',
    'reviews',
    'risks',
    'sbom',
  ]);
});

describe('main', () => {
  const synthesized = mkdtempSync(join(tmpdir(), 'workflows-'));
  beforeAll(() =>
    writeThroughGate({
      outdir: synthesized,
      locks: 'locks',
      isProduction: () => false,
      build: (app) => {
        for (const environment of shop.environments) addEnvironment(app, environment);
      },
    }),
  );
  afterAll(() => rmSync(synthesized, { recursive: true }));

  const { environments, immediate, approved } = workflow('deploy.yml').jobs;
  const listOf = (name: string) => `\${{ fromJSON(needs.environments.outputs.${name}) }}`;

  test('is deployed in the order of the catalogue, which its own code prints', () => {
    const [, , order] = stepsOf(environments!);

    expect(order?.run).toBe('npm run --silent environments >> "$GITHUB_OUTPUT"');
    expect(environments?.permissions).toEqual({ contents: 'read' });
  });

  test('is deployed immediately where nothing is approved, by cdktf deploy', () => {
    expect(immediate?.strategy?.matrix.environment).toBe(listOf('immediate'));
    expect(immediate?.environment).toBe('${{ matrix.environment }}');
    expect(stepsOf(immediate!).at(-1)).toEqual({
      run: 'npm run deploy -- "$ENVIRONMENT-*" --auto-approve',
      env: { ENVIRONMENT: '${{ matrix.environment }}' },
    });
  });

  test('is then deployed to the other environments, one after the other, by waves', () => {
    expect(approved?.needs).toEqual(['environments', 'immediate']);
    expect(approved?.if).toContain("needs.immediate.result != 'failure'");
    expect(approved?.strategy).toEqual({
      'fail-fast': true,
      'max-parallel': 1,
      matrix: { environment: listOf('approved') },
    });
    expect([approved?.uses, approved?.with]).toEqual([
      './.github/workflows/promote.yml',
      { environment: '${{ matrix.environment }}' },
    ]);
  });

  test.each([...FILES.map((name) => join(FOLDER, name)), ...ACTIONS])('%s names no environment', (file) => {
    const names = shop.environments.map(({ name }) => name);
    // Labs name the environments of their own shops.
    const lines = text(file)
      .split('\n')
      .filter((line) => !line.includes('npm run verify'));

    expect(lines.filter((line) => names.some((name) => new RegExp(`\\b${name}\\b`).test(line)))).toEqual([]);
  });

  test('has one concurrency group per environment, so that an approval blocks no other environment', () => {
    expect(workflow('deploy.yml').concurrency).toBeUndefined();
    for (const job of [immediate, approved])
      expect(job?.concurrency).toEqual({
        group: '${{ matrix.environment }}-deploy',
        'cancel-in-progress': false,
      });
    // A nested job that needs the same group would wait for ever.
    const within = jobsOf('wave.yml').map(([, job]) => job.concurrency?.group);
    expect(within).toEqual([
      '${{ inputs.environment }}-wave-${{ inputs.wave }}',
      '${{ inputs.environment }}-apply',
    ]);
  });

  test('is deployed wave by wave, in order and completely', () => {
    const { stacks } = JSON.parse(readFileSync(join(synthesized, 'manifest.json'), 'utf8')) as {
      stacks: Record<string, unknown>;
    };
    expect(Object.keys(stacks)).toHaveLength(shop.environments.length * STACK_NAMES.length);
    for (const { name } of shop.environments) {
      const waves = wavesOf(selectStacks(synthesized, name, []));
      expect(
        jobsOf('promote.yml').map(([id, { needs, uses, with: which }]) => [id, needs, uses, which]),
      ).toEqual(
        waves.map((_, index) => [
          `wave-${index + 1}`,
          index === 0 ? undefined : `wave-${index}`,
          './.github/workflows/wave.yml',
          { environment: '${{ inputs.environment }}', wave: index + 1 },
        ]),
      );
    }
  });
});

describe('a cache', () => {
  const jobs = FILES.flatMap((name) => jobsOf(name).map(([id, job]) => ({ name, id, job })));
  const keysOf = (name: string, id: string) =>
    stepsOf(workflow(name).jobs[id]!)
      .filter(({ uses }) => uses?.startsWith('actions/cache@'))
      .map((step) => step.with?.['key']);

  test('is never restored in a job with credentials', () => {
    const withCredentials = jobs.filter(({ job }) => job.permissions?.['id-token'] === 'write');
    expect(withCredentials.length).toBeGreaterThan(5);
    for (const { id, job } of withCredentials)
      for (const { uses = '', with: inputs } of stepsOf(job))
        expect([id, /^actions\/cache@/.test(uses) || inputs?.['cache'] !== undefined]).toEqual([id, false]);
    for (const action of ACTIONS) expect(text(action)).not.toMatch(/actions\/cache@|^ +cache:/m);
  });

  test('has one key for each kind of job, depends on its contents, and is filled on main', () => {
    for (const id of ['checks', 'terraform']) {
      const keys = keysOf('pull-request.yml', id);
      expect(keys).toEqual([expect.stringContaining(`${id}-$`)]);
      for (const content of ['verification/toolchain/**', '.ci/*.mjs'])
        expect(keys[0]).toContain(`'${content}'`);
      expect(keysOf('tools.yml', id)).toEqual(keys);
    }
  });
});

test('the gate of a pull request runs after its review has been uploaded', () => {
  const steps = stepsOf(workflow('pull-request.yml').jobs['plan']!);
  const gate = steps.findIndex(({ run = '' }) => run.includes('--fail-on critical'));

  expect(gate).toBe(steps.length - 1);
  expect(steps.findIndex(({ uses }) => uses?.startsWith('actions/upload-artifact@'))).toBe(gate - 1);
});

test('the gate passes if every plan and release check succeeded or none was needed, without risks of the catalogue', () => {
  const { needs, steps = [], ...gate } = workflow('pull-request.yml').jobs['gate'] as Job & { if: string };
  const run = (synth: string, plan: string, releases = 'success', risks = '[]', accepted = 'false') =>
    spawnSync('bash', ['-e', '-c', steps[0]?.run ?? ''], {
      env: {
        PATH: process.env['PATH'],
        SYNTH: synth,
        PLAN: plan,
        RELEASES: releases,
        RISKS: risks,
        ACCEPTED: accepted,
      },
      encoding: 'utf8',
    });
  const passes = (...results: Parameters<typeof run>) => run(...results).status === 0;

  expect([needs, gate.if]).toEqual([['synth', 'plan', 'releases'], 'always()']);
  for (const plan of ['success', 'skipped']) expect([plan, passes('success', plan)]).toEqual([plan, true]);
  for (const plan of ['failure', 'cancelled']) expect([plan, passes('success', plan)]).toEqual([plan, false]);
  expect(passes('failure', 'skipped')).toBe(false);
  expect(passes('success', 'success', 'skipped')).toBe(true);
  for (const releases of ['failure', 'cancelled']) expect(passes('success', 'success', releases)).toBe(false);
  const risks = '["qa: critical stack-removed"]';
  expect(passes('success', 'skipped', 'skipped', risks)).toBe(false);
  expect(passes('success', 'skipped', 'skipped', '')).toBe(false);
  expect(run('success', 'skipped', 'skipped', risks).stdout).toContain('qa: critical stack-removed');
  expect(passes('success', 'success', 'skipped', risks, 'true')).toBe(true);
});

test('the same Terraform version is used everywhere', () => {
  const version = text('.terraform-version').trim();
  const named = [...everyText, 'docs/runbooks/upgrade.md'].flatMap((file) =>
    [...text(file).matchAll(/(?:terraform_version: |hashicorp\/terraform:)([\d.]+)/g)].map(
      ([, found]) => found,
    ),
  );

  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(named.length).toBeGreaterThan(3);
  expect(new Set(named)).toEqual(new Set([version]));
});

test('every source file in the root folder is part of the build', () => {
  const { include } = JSON.parse(text('tsconfig.json')) as { include: string[] };
  const own = readdirSync('.').filter((name) => name.endsWith('.ts'));

  expect(include).toEqual(expect.arrayContaining(own));
});

test('drift detection covers every environment of the catalogue, by the shell of its first job', () => {
  const { environments, plan } = workflow('drift.yml').jobs;
  const work = mkdtempSync(join(tmpdir(), 'drift-'));
  mkdirSync(join(work, 'mesh-config/environments'), { recursive: true });
  for (const name of ['live', 'dev-eu', 'qa'])
    writeFileSync(join(work, `mesh-config/environments/${name}.yaml`), '');
  const output = join(work, 'output');
  const { status } = spawnSync('bash', ['-e', '-c', stepsOf(environments!).at(-1)?.run ?? ''], {
    cwd: work,
    env: { ...process.env, GITHUB_OUTPUT: output },
  });

  expect(status).toBe(0);
  expect(readFileSync(output, 'utf8')).toBe('names=["dev-eu","live","qa"]\n');
  expect(plan?.strategy?.matrix.environment).toBe('${{ fromJSON(needs.environments.outputs.names) }}');
  rmSync(work, { recursive: true });
});

test('a rollback by hand offers the environments of the repository', () => {
  const { workflow_dispatch: by } = workflow('rollback.yml').on as {
    workflow_dispatch: { inputs: { environment: object } };
  };

  expect(by.inputs.environment).toMatchObject({ type: 'environment', required: true });
});
