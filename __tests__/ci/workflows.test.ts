import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { commandsIn, unknownCommands } from '../support/npm-scripts';
import { shop } from '../support/synth';

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
  readonly with?: { readonly environment: string; readonly wave: number };
  readonly strategy?: { readonly matrix: { readonly environment?: readonly string[] } };
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

test('every action of others is pinned by the digest of a commit, with its version beside it', () => {
  const uses = everyText.flatMap((file) => [...text(file).matchAll(/uses: (\S+)(.*)/g)]);
  const others = uses.filter(([, what = '']) => !what.startsWith('./'));

  expect(others.length).toBeGreaterThan(15);
  for (const [line] of others) expect(line).toMatch(/^uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('one action is pinned to one digest everywhere', () => {
  const pins = everyText
    .flatMap((file) => [...text(file).matchAll(/uses: ([\w.-]+\/[\w.-]+)@(\S+)/g)])
    .map(([, name, digest]) => `${name} ${digest}`);

  expect(new Set(pins).size).toBe(new Set(pins.map((pin) => pin.split(' ')[0])).size);
});

test('every script and every command that a pipeline runs exists', () => {
  const commands = everyText.flatMap((file) => commandsIn(text(file)));

  expect(commands.length).toBeGreaterThan(10);
  expect(unknownCommands(commands)).toEqual([]);
  for (const [script = ''] of everyText.flatMap((file) => [...text(file).matchAll(/\.ci\/[\w.-]+/g)]))
    expect(readdirSync('.ci')).toContain(script.slice('.ci/'.length).split('/')[0]);
});

describe.each(FILES)('%s', (name) => {
  test('grants nothing to all jobs, and to each job only what it says', () => {
    expect(workflow(name).permissions).toEqual({});
    for (const [job, { permissions = {} }] of jobsOf(name)) {
      expect(Object.keys(permissions)).not.toHaveLength(0);
      const written = Object.keys(permissions).filter((what) => permissions[what] === 'write');
      expect([job, written.length <= 1]).toEqual([job, true]);
    }
  });

  test('leaves no token of GitHub in the working copy', () => {
    const checkouts = jobsOf(name).flatMap(([, job]) =>
      stepsOf(job).filter(({ uses }) => uses?.startsWith('actions/checkout@')),
    );
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
  });

  test('puts nothing from outside into a shell line, and prints no secret', () => {
    const lines = jobsOf(name).flatMap(([, job]) => stepsOf(job).map(({ run = '' }) => run));
    for (const line of lines) {
      expect(line).not.toContain('${{');
      expect(line).not.toMatch(/set -x|printenv|\benv$|terraform show|cat plans\/[^s]|TOKEN|secrets\./m);
    }
    expect(text(join(FOLDER, name))).not.toMatch(/credentials_json|secrets\.|pull_request_target/);
  });
});

test('an apply waits for its environment, logs in by it, and is never interrupted', () => {
  const applying = FILES.flatMap((name) =>
    jobsOf(name).map(([id, job]) => ({ id: `${name} ${id}`, job })),
  ).filter(({ job }) => stepsOf(job).some((step) => step.with?.['account'] === 'apply'));

  expect(applying.map(({ id }) => id).sort()).toEqual([
    'deploy.yml dev',
    'rollback.yml rollback',
    'wave.yml apply',
  ]);
  for (const { job } of applying) {
    expect(job.environment).toBeDefined();
    const cloud = stepsOf(job).find((step) => step.uses === './.github/actions/cloud');
    expect(cloud?.with?.['environment']).toBe(job.environment);
  }
  for (const [, job] of jobsOf('wave.yml')) expect(job.concurrency?.['cancel-in-progress']).toBe(false);
  // Of a group only one waits, so a rollback has its own, or it could drop an apply; the state's lock keeps them apart.
  expect(workflow('wave.yml').jobs['apply']?.concurrency?.group).toBe('${{ inputs.environment }}-apply');
  expect(workflow('deploy.yml').jobs['dev']?.concurrency?.group).toBe('dev-apply');
});

test('what a pull request wrote never runs with credentials', () => {
  const { synth, plan } = workflow('pull-request.yml').jobs;

  expect(synth?.permissions).toEqual({ contents: 'read' });
  expect(plan?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  const [checkout] = stepsOf(plan!);
  expect(checkout?.with?.['ref']).toBe('${{ github.event.pull_request.base.sha }}');
  expect(stepsOf(plan!).find(({ uses }) => uses === './.github/actions/prepare')?.with).toEqual({
    synth: 'false',
  });
});

test('saved plans are never among the artifacts of a run', () => {
  const uploads = FILES.flatMap((name) => jobsOf(name).flatMap(([, job]) => stepsOf(job))).filter(
    ({ uses }) => uses?.startsWith('actions/upload-artifact@'),
  );

  expect(uploads.map((step) => step.with?.['path']).sort()).toEqual([
    'drift',
    'head/cdktf.out',
    'reviews',
    'sbom.json',
  ]);
});

describe('main', () => {
  const { dev, ...waves } = workflow('deploy.yml').jobs;

  test('goes to dev at once, by cdktf deploy', () => {
    expect(stepsOf(dev!).at(-1)?.run).toBe("npm run deploy -- 'dev-*' --auto-approve");
  });

  test('then goes to staging and prod, one wave after the other, and every environment has all of its waves', () => {
    const order = Object.entries(waves).map(([id, { needs, with: which }]) => ({ id, needs, which }));
    const gated = shop.environments.map(({ name }) => name).filter((name) => name !== 'dev');

    expect(order.map(({ id }) => id)).toEqual(
      ['staging', 'prod'].flatMap((name) => [1, 2, 3, 4].map((wave) => `${name}-${wave}`)),
    );
    expect(new Set(order.map(({ which }) => which?.environment))).toEqual(new Set(gated));
    for (const [index, { id, needs, which }] of order.entries()) {
      expect(needs).toBe(index === 0 ? 'dev' : order[index - 1]?.id);
      expect(id).toBe(`${which?.environment}-${which?.wave}`);
    }
  });
});

test('drift is looked for in every environment, and each can be rolled back', () => {
  const names = shop.environments.map(({ name }) => name).sort();
  const { workflow_dispatch: by } = workflow('rollback.yml').on as {
    workflow_dispatch: { inputs: { environment: { options: string[] } } };
  };

  expect([...(workflow('drift.yml').jobs['plan']?.strategy?.matrix.environment ?? [])].sort()).toEqual(names);
  expect([...by.inputs.environment.options].sort()).toEqual(names);
});
