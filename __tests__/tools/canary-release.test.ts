/** Whole releases by the command, on a copy of the reference shop. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidenceFrom, evidenceQueries } from '../../model/canary/evidence';
import { CatalogueError } from '../../model/source/violation';
import { readRelease } from '../../tools/canary-release/snapshot';
import { UsageError } from '../../tools/command-line';
import { canaryCommand } from '../../tools/commands/canary';
import { BEGIN, deployment, evidenceAt, NEW, OLD } from '../support/canary-snapshot';
import { copyWithProdOnly, REFERENCE_SHOP } from '../support/catalogues';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canary-'));
  copyWithProdOnly(folder);
  write('weight-caps.json', { items: [] });
  write('evidence.json', evidenceAt(10));
  deployed(OLD, NEW);
  jest.useFakeTimers({ now: Date.parse(BEGIN), doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
  rmSync(folder, { recursive: true });
});

function write(name: string, value: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(value));
}

function deployed(v1: string, v2: string): void {
  write('deployments.json', { items: [deployment('v1', v1), deployment('v2', v2)] });
}

function pass(minutes: number): void {
  jest.setSystemTime(Date.now() + minutes * 60_000);
}

/** @throws UsageError with every blocker */
async function mesh(command: string, args: readonly string[] = [], service = 'checkout', env = 'prod') {
  const sources = [
    `--metrics=${join(folder, 'evidence.json')}`,
    `--weight-caps=${join(folder, 'weight-caps.json')}`,
    `--deployments=${join(folder, 'deployments.json')}`,
  ];
  const printed: string[] = [];
  await canaryCommand(folder, (text) => printed.push(text)).parseAsync(
    [command, service, '--env', env, ...sources, ...args],
    { from: 'user' },
  );
  return printed.join('\n');
}

function entry(service = 'checkout', environment = 'prod'): Record<string, unknown> {
  const { images, canary } = readRelease(folder, { service, environment }, new Date()).entry;
  return { ...images, ...canary };
}

function releaseFile(): string {
  return readFileSync(join(folder, 'releases', 'prod.yaml'), 'utf8');
}

/** Ends the canary of the repository. */
async function removed(): Promise<void> {
  await mesh('rollback');
  write('evidence.json', evidenceAt(0));
  pass(5);
  await mesh('finish');
  jest.setSystemTime(Date.parse(BEGIN));
}

async function started(): Promise<void> {
  await removed();
  await mesh('start', ['--image', NEW]);
}

test('a release from start to the new stable version', async () => {
  await started();
  expect(entry()).toEqual({
    v1: OLD,
    v2: NEW,
    version: 'v2',
    weightPercent: 0,
    startedAt: BEGIN,
    stepSince: BEGIN,
  });

  for (const weight of [1, 5, 10, 25, 50, 100]) {
    expect(await mesh('advance')).toContain(`checkout in prod: v2 receives ${weight} %; apply the plan`);
    expect(entry()).toMatchObject({ weightPercent: weight, startedAt: BEGIN });
    pass(147);
    write('evidence.json', evidenceAt(weight));
  }

  await mesh('finish');
  expect(entry()).toMatchObject({ v1: NEW, v2: NEW, weightPercent: 100 });
  // The old pods of v1 still run: they receive no traffic.
  await expect(mesh('finish')).rejects.toThrow(`'checkout-v1' does not run ${NEW} yet`);
  deployed(NEW, NEW);
  await mesh('finish');
  expect(entry()['weightPercent']).toBe(50);
  write('evidence.json', evidenceAt(50));
  await expect(mesh('finish')).rejects.toThrow('checkout in prod: the weight changed 0 min ago; wait 5 min');
  pass(5);
  await mesh('finish');
  expect(entry()['weightPercent']).toBe(0);
  pass(5);
  await expect(mesh('finish')).rejects.toThrow(
    'v2 received 600 requests in the last minutes; apply the plan with its weight of 0, and wait until its metrics show no requests',
  );
  write('evidence.json', evidenceAt(0));
  await mesh('finish');
  expect(entry()).toEqual({ v1: NEW });
});

test('a rolled back version stays while it may still receive requests, and then is removed', async () => {
  await started();
  await mesh('advance');
  write('evidence.json', evidenceAt(1));
  await mesh('rollback');
  expect(entry()).toMatchObject({ weightPercent: 0, rolledBackAt: BEGIN });

  await expect(mesh('finish')).rejects.toThrow(/the weight changed 0 min ago.*\n.*v2 received 600 requests/);
  pass(5);
  await expect(mesh('finish')).rejects.toThrow('v2 received 600 requests');
  write('evidence.json', evidenceAt(0));
  await mesh('finish');
  expect(entry()).toEqual({ v1: OLD });
});

test('a rolled back image is not started again, another one is', async () => {
  await started();
  await mesh('rollback');
  await expect(mesh('start', ['--image', NEW])).rejects.toThrow(`${NEW} was rolled back at ${BEGIN}`);
  await mesh('start', ['--image', NEW.replace(/c{64}/, 'e'.repeat(64))]);
  expect(entry()).toMatchObject({ weightPercent: 0, startedAt: BEGIN });
  expect(entry()).not.toHaveProperty('rolledBackAt');
});

test('a rolled back sample is not started again', async () => {
  for (const kind of ['environments', 'releases'])
    cpSync(join(REFERENCE_SHOP, kind, 'dev.yaml'), join(folder, kind, 'dev.yaml'));
  await mesh('rollback', [], 'checkout', 'dev');
  await expect(mesh('start', [], 'checkout', 'dev')).rejects.toThrow(
    `the environment's sample was rolled back at ${BEGIN}; set another --image`,
  );
});

test('a pause holds the step, and lifting it restarts the step', async () => {
  await started();
  await mesh('advance');
  write('evidence.json', evidenceAt(1));
  pass(147);
  await expect(mesh('pause')).rejects.toThrow('pause has no reason; set --reason or --lift');
  await mesh('pause', ['--reason', 'the bank is slow']);
  await expect(mesh('advance')).rejects.toThrow('the release is paused: the bank is slow');
  await mesh('pause', ['--lift']);
  expect(entry()).toMatchObject({ weightPercent: 1, stepSince: '2026-02-01T10:27:00Z' });
  expect(entry()).not.toHaveProperty('pausedBecause');
  await expect(mesh('advance')).rejects.toThrow('the step has baked for 0 of 147 min; wait 147 min');
});

test('a command reads only the inputs that it needs', async () => {
  for (const name of ['evidence', 'weight-caps', 'deployments']) rmSync(join(folder, `${name}.json`));
  await mesh('pause', ['--reason', 'the bank is slow']);
  await mesh('rollback');
  await expect(mesh('finish')).rejects.toThrow(/evidence\.json' is not valid evidence/);
});

test('status reports inputs that cannot be read', async () => {
  rmSync(join(folder, 'weight-caps.json'));
  const { unknown, evidence } = JSON.parse(await mesh('status', ['--json']));
  expect(unknown).toEqual([expect.stringMatching(/^cannot read '.*weight-caps\.json': ENOENT/)]);
  expect(evidence.step.availability.canary.all).toBe(4_000);
});

test('JSON has the outcome or the blockers', async () => {
  await removed();
  expect(JSON.parse(await mesh('start', ['--image', NEW, '--json']))).toEqual({
    service: 'checkout',
    environment: 'prod',
    changed: true,
    done: 'v2 starts without traffic',
    next: "apply the plan, then run 'advance' when its pods are ready",
  });
});

test('an image that the environment does not allow is an error with its place, and nothing is written', async () => {
  await removed();
  const before = releaseFile();
  await expect(
    mesh('start', ['--image', 'europe-west1-docker.pkg.dev/shop/checkout:latest']),
  ).rejects.toThrow(CatalogueError);
  expect(releaseFile()).toBe(before);
  expect(readdirSync(join(folder, 'releases'))).toEqual(['prod.yaml']);
});

test('a service without a canary, and an unknown one', async () => {
  await expect(mesh('status', [], 'cart')).rejects.toThrow(
    new UsageError("'cart' has no canary; add 'canary' to its service file"),
  );
  await expect(mesh('status', [], 'chekout')).rejects.toThrow("did you mean 'checkout'?");
});

test('two canaries at once are independent', async () => {
  const cart = join(folder, 'services', 'cart.yaml');
  writeFileSync(cart, `${readFileSync(cart, 'utf8')}canary: { stepsPercent: [10, 50, 100] }\n`);
  await started();
  const checkout = entry();

  await mesh('start', ['--image', NEW.replace('/checkout@', '/cart@')], 'cart');
  expect(entry()).toEqual(checkout);
  expect(entry('cart')).toMatchObject({ version: 'v2', weightPercent: 0 });
});

test('requests without a latency count for availability only', () => {
  const { service } = readRelease(folder, { service: 'checkout', environment: 'prod' }, new Date());
  const results = new Map([...evidenceQueries(service)].map(([name]) => [name, new Map([['', 5_000]])]));
  const { step } = evidenceFrom(results, 300);
  expect(step.latency.canary).toEqual({ all: 0, failed: 0 });
  expect(step.availability.canary.all).toBe(5_000);
});

// Interpolation would count 400 - 44 / 256 × 400 of the requests between 256 and 512 ms as slow.
test('requests in the bucket of the threshold count as slow', () => {
  const { service } = readRelease(folder, { service: 'checkout', environment: 'prod' }, new Date());
  const buckets = Object.entries({ '128': 500, '256': 600, '512': 1_000, '+Inf': 1_000 });
  const results = new Map(
    [...evidenceQueries(service)].map(([name]) => [
      name,
      name.endsWith(' times') ? new Map(buckets) : new Map([['', 1_000]]),
    ]),
  );

  expect(evidenceFrom(results, 300).step.latency.canary).toEqual({ all: 1_000, failed: 400 });
  expect(evidenceFrom(results, 256).step.latency.canary).toEqual({ all: 1_000, failed: 400 });
  expect(evidenceFrom(results, 512).step.latency.canary).toEqual({ all: 1_000, failed: 0 });
});
