/** A whole release, on a copy of the repository's own catalogue. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderWeightCap } from '../../model/canary/weight-cap';
import { evidenceFrom, evidenceQueries, type Counts, type Evidence } from '../../model/canary/evidence';
import { CatalogueError } from '../../model/source/violation';
import {
  advance,
  finish,
  lift,
  pause,
  rollback,
  start,
  type CommandOutcome,
} from '../../tools/canary-release/release-commands';
import { writeRelease } from '../../tools/canary-release/release-file';
import { Session } from '../../tools/canary-release/session';
import { renderStatus, statusOf } from '../../tools/canary-release/status';
import { UsageError } from '../../tools/usage-error';

const NEW = `europe-west1-docker.pkg.dev/shop-prod-example/shop/checkout@sha256:${'c'.repeat(64)}`;
const OLD =
  'europe-west1-docker.pkg.dev/shop-prod-example/shop/checkout@sha256:88682e37827407005e99a77dabcbdbbac0390b241ef9ed9516bc48c4d6583bb5';
const BEGIN = Date.parse('2026-02-01T08:00:00Z');

let folder: string;
let minutes: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'canary-'));
  cpSync('mesh-config', folder, { recursive: true });
  for (const name of ['dev', 'staging'])
    for (const kind of ['environments', 'releases']) rmSync(join(folder, kind, `${name}.yaml`));
  write('ceilings.json', { items: [] });
  evidence();
  deployments(OLD, NEW);
  minutes = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, value: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(value));
}

function release(): string {
  return readFileSync(join(folder, 'releases', 'prod.yaml'), 'utf8');
}

function at(service = 'checkout', environment = 'prod'): Session {
  const sources = {
    metrics: join(folder, 'evidence.json'),
    weightCaps: join(folder, 'ceilings.json'),
    deployments: join(folder, 'deployments.json'),
  };
  return Session.open(folder, { service, environment }, sources, new Date(BEGIN + minutes * 60_000));
}

/** What the command would do: write, or say why not. */
async function does(
  command: (session: Session) => CommandOutcome | Promise<CommandOutcome>,
  session = at(),
): Promise<string[]> {
  const outcome = await command(session);
  if ('blockers' in outcome) return outcome.blockers.map(({ rule, fix }) => `${rule}; ${fix}`);
  writeRelease(folder, session.environment.name, session.service.name, outcome.edits, '2026-02-01');
  return [];
}

function entry(): any {
  const { entry: found } = at();
  return { v1: found.images['v1'], v2: found.images['v2'], ...found.canary };
}

interface Changes {
  readonly all?: number;
  readonly failed?: number;
  readonly stableFailed?: number;
}

/** So many requests to the canary at a weight, with some bad ones. */
function countsAt(
  weightPercent: number,
  { all = 4_000, failed = 0, stableFailed = 0 }: Changes = {},
): Counts {
  const stableAll = Math.round((all * (100 - weightPercent)) / (weightPercent || 1));
  const comparison = {
    canary: weightPercent === 0 ? { all: 0, failed: 0 } : { all, failed },
    stable: { all: stableAll, failed: stableFailed },
  };
  const sound = { canary: { ...comparison.canary, failed: 0 }, stable: { ...comparison.stable, failed: 0 } };
  return { availability: comparison, latency: sound };
}

/** Requests of the step and the last minutes. */
function evidence(weightPercent = 10, changes: Changes = {}): void {
  const { failed = 5, stableFailed = weightPercent === 100 ? 0 : 4 } = changes;
  write('evidence.json', {
    step: countsAt(weightPercent, { ...changes, failed, stableFailed }),
    recent: countsAt(weightPercent, { all: 600 }),
  } satisfies Evidence);
}

function deployments(v1: string, v2: string, changes: Record<string, unknown> = {}): void {
  const status = { observedGeneration: 3, replicas: 3, updatedReplicas: 3, availableReplicas: 3, ...changes };
  const of = (version: string, image: string) => ({
    metadata: { name: `checkout-${version}`, namespace: 'purchasing', generation: 3 },
    spec: { replicas: 3, template: { spec: { containers: [{ name: 'app', image }] } } },
    status,
  });
  write('deployments.json', { items: [of('v1', v1), of('v2', v2)] });
}

/** The canary of the repository given up, its weight of 0 applied, and removed. */
async function removed(): Promise<void> {
  await does(rollback);
  evidence(0);
  minutes += 5;
  expect(await does(finish)).toEqual([]);
  evidence();
  minutes = 0;
}

/** A new canary, where the repository had another. */
async function started(): Promise<void> {
  await removed();
  expect(await does((session) => start(session, NEW))).toEqual([]);
}

test('a whole release, from start to the new stable version', async () => {
  await started();
  expect(entry()).toEqual({
    ...{ v1: OLD, v2: NEW, version: 'v2', weightPercent: 0 },
    ...{ startedAt: '2026-02-01T08:00:00Z', stepSince: '2026-02-01T08:00:00Z' },
  });

  const weights: number[] = [];
  for (const weight of [1, 5, 10, 25, 50, 100]) {
    expect(await does(advance)).toEqual([]);
    weights.push(entry().weightPercent);
    minutes += 145;
    evidence(weight);
  }
  expect(weights).toEqual([1, 5, 10, 25, 50, 100]);
  expect(entry().startedAt).toBe('2026-02-01T08:00:00Z');

  expect(await does(finish)).toEqual([]);
  expect(entry()).toMatchObject({ v1: NEW, v2: NEW, weightPercent: 100 });
  // The old pods still run: no traffic goes to them.
  expect(await does(finish)).toEqual([`'checkout-v1' does not run ${NEW} yet; wait for the rollout`]);
  deployments(NEW, NEW, { availableReplicas: 2 });
  expect(await does(finish)).toEqual([
    "2 of 3 pods of 'checkout-v1' are ready, 3 of 3 with its image; wait for the rollout",
  ]);
  deployments(NEW, NEW, { replicas: 4 });
  expect(await does(finish)).toEqual([
    "3 of 3 pods of 'checkout-v1' are ready, 3 of 4 with its image; wait for the rollout",
  ]);
  deployments(NEW, NEW);
  expect(await does(finish)).toEqual([]);
  expect(entry().weightPercent).toBe(50);
  evidence(50);
  expect(await does(finish)).toEqual(['the weight has changed 0 min ago; wait 5 min']);
  minutes += 5;
  expect(await does(finish)).toEqual([]);
  expect(entry().weightPercent).toBe(0);
  minutes += 5;
  expect(await does(finish)).toEqual([
    'v2 got 600 requests in the last minutes; apply the plan with its weight of 0, and wait until its metrics say so',
  ]);
  evidence(0);
  expect(await does(finish)).toEqual([]);
  expect(entry()).toEqual({ v1: NEW });
});

describe('on its way back to v1 the new image', () => {
  beforeEach(async () => {
    await started();
    for (const weight of [1, 5, 10, 25, 50, 100]) {
      await does(advance);
      minutes += 145;
      evidence(weight);
    }
    await does(finish);
    deployments(NEW, NEW);
    await does(finish);
    minutes += 5;
    expect(entry()).toMatchObject({ v1: NEW, weightPercent: 50 });
  });

  test('gets no more of the traffic while either version burns the budget', async () => {
    evidence(50, { failed: 100, stableFailed: 200 });
    const repair = 'mend it first, or give v1 its former image in the release file';
    expect(await does(finish)).toEqual([
      `availability of v2 burns 5 times its budget in this step; ${repair}`,
      `availability of v1 burns 10 times its budget in this step; ${repair}`,
    ]);
    expect(entry().weightPercent).toBe(50);
  });

  test('waits until half of the requests reach v1', async () => {
    evidence(90);
    expect(await does(finish)).toEqual([
      'the canary gets 90 % of the requests, not 50 %; apply the plan with the committed weight, and see whether a ceiling holds it',
    ]);
  });
});

describe('advance refuses', () => {
  beforeEach(async () => {
    await started();
    await does(advance);
    evidence(1);
    minutes = 145;
  });

  test('and goes on when nothing speaks against it', async () => {
    expect(await does(advance)).toEqual([]);
  });

  test('a step that is too young', async () => {
    minutes = 144;
    expect(await does(advance)).toEqual(['the step is 144 min old and bakes for 145 min; wait 1 min']);
  });

  test('too few requests', async () => {
    evidence(1, { all: 1_690 });
    expect(await does(advance)).toEqual([
      '1690 requests since the step began, where availability needs 1691; wait about 1 min at the declared rate',
    ]);
    evidence(1, { all: 1_691 });
    expect(await does(advance)).toEqual([]);
  });

  test('a canary that burns the budget', async () => {
    evidence(1, { failed: 100 });
    expect(await does(advance)).toEqual([
      "availability burns 5 times its budget in this step, and the canary is the cause; give the release up by 'rollback'",
    ]);
  });

  test('a fault of both versions', async () => {
    evidence(1, { failed: 100, stableFailed: 9_900 });
    expect(await does(advance)).toEqual([
      "availability burns 5 times its budget in this step, and v1 5 times: the cause is elsewhere; wait until it is mended, then begin the step again by 'pause --lift'",
    ]);
  });

  test('a service in trouble, although its canary is not', async () => {
    evidence(1, { failed: 0, stableFailed: 9_900 });
    expect(await does(advance)).toEqual([
      'availability of v1 burns 5 times its budget; mend it first: a service in trouble takes no release',
    ]);
  });

  test('a plan that has not been applied', async () => {
    evidence(10);
    expect(await does(advance)).toEqual([
      'the canary gets 10 % of the requests, not 1 %; apply the plan with the committed weight, and see whether a ceiling holds it',
    ]);
  });

  test('a plan that was applied when the step was nearly over', async () => {
    write('evidence.json', { step: countsAt(0.5), recent: countsAt(1) });
    expect(await does(advance)).toEqual([
      "the canary got 0.5 % of the requests since the step began, not 1 %: the plan was applied later; wait, or begin the step again by 'pause --lift'",
    ]);
    write('evidence.json', { step: countsAt(0.8), recent: countsAt(1) });
    expect(await does(advance)).toEqual([]);
  });

  test('answers that were not timed', () => {
    const answers = new Map(
      [...evidenceQueries(at().service)].map(([name]) => [name, new Map([['', 5_000]])]),
    );
    const { step } = evidenceFrom(answers, 300);
    expect(step.latency.canary).toEqual({ all: 0, failed: 0 });
    expect(step.availability.canary.all).toBe(5_000);
  });

  test('silence', async () => {
    write('evidence.json', JSON.parse(JSON.stringify(ABSENCE)));
    expect((await does(advance))[0]).toBe(
      'nobody has sent a request lately; see that the metrics arrive, and wait',
    );
  });

  test('a ceiling, until its incident is acknowledged', async () => {
    const { canary } = at();
    const weightCap = (digest: string) => ({
      items: [
        renderWeightCap({
          ...{ service: 'checkout', host: canary.host, release: digest, maximumWeightPercent: 0 },
          ...{ action: 'rollback', incident: '0.abc', time: '2026-02-01T08:30:00Z' },
        }),
      ],
    });
    write('ceilings.json', weightCap(`sha256:${'c'.repeat(64)}`));
    expect(await does(advance)).toEqual([
      "the guard holds this release at 0 % since 2026-02-01T08:30:00Z (rollback, incident 0.abc); give the release up by 'rollback' and start another image, or, if it was not to blame, add '0.abc' to acknowledgedIncidents",
    ]);
    write('ceilings.json', weightCap(`sha256:${'d'.repeat(64)}`));
    expect(await does(advance)).toEqual([]);
  });

  test('a pause, until it is lifted and the step has baked again', async () => {
    expect(await does((session) => pause(session, 'the bank is slow'))).toEqual([]);
    expect(await does(advance)).toEqual([
      "the release is paused: the bank is slow; begin the step again by 'pause --lift'",
    ]);
    expect(await does(lift)).toEqual([]);
    expect(entry()).toMatchObject({ weightPercent: 1, stepSince: '2026-02-01T10:25:00Z' });
    expect(entry().pausedBecause).toBeUndefined();
    expect(await does(advance)).toEqual(['the step is 0 min old and bakes for 145 min; wait 145 min']);
  });
});

const NONE = { canary: { all: 0, failed: 0 }, stable: { all: 0, failed: 0 } };
const ABSENCE: Evidence = {
  step: { availability: NONE, latency: NONE },
  recent: { availability: NONE, latency: NONE },
};

test('no weight before the pods of the new version are ready', async () => {
  await started();
  deployments(OLD, OLD);
  expect(await does(advance)).toEqual([
    `'checkout-v2' does not run ${NEW} yet; apply the plan and wait for the rollout`,
  ]);
  deployments(OLD, NEW, { observedGeneration: 2 });
  expect(await does(advance)).toEqual([
    "3 of 3 pods of 'checkout-v2' are ready, 3 of 3 with its image; apply the plan and wait for the rollout",
  ]);
  expect(entry().weightPercent).toBe(0);
});

test('no weight where no pod is wanted', async () => {
  await started();
  const { items } = JSON.parse(readFileSync(join(folder, 'deployments.json'), 'utf8'));
  for (const item of items) {
    item.spec.replicas = 0;
    Object.assign(item.status, { replicas: 0, updatedReplicas: 0, availableReplicas: 0 });
  }
  write('deployments.json', { items });
  expect(await does(advance)).toEqual([
    "'checkout-v2' has no pods: its Deployment is scaled to 0; apply the plan and wait for the rollout",
  ]);
});

test('no weight while the stable version is in trouble', async () => {
  await started();
  const trouble = countsAt(0, { stableFailed: 9_000 });
  write('evidence.json', { step: trouble, recent: trouble });
  expect(await does(advance)).toEqual([
    expect.stringMatching(/^availability of v1 burns .* times its budget; mend it first/),
  ]);
});

test('the image that runs already is no release', async () => {
  await removed();
  expect(await does((session) => start(session, OLD))).toEqual([
    `v1 runs ${OLD} already; start another image`,
  ]);
});

test('a rolled back release goes nowhere but away', async () => {
  await started();
  await does(advance);
  expect(await does(rollback)).toEqual([]);
  expect(entry()).toMatchObject({ weightPercent: 0, rolledBackAt: '2026-02-01T08:00:00Z' });
  expect(await does(advance)).toEqual([
    "the release was rolled back at 2026-02-01T08:00:00Z; 'start' another image",
  ]);
  expect(await does((session) => start(session, NEW))).toEqual([
    `${NEW} was rolled back at 2026-02-01T08:00:00Z; start another image, with --image`,
  ]);
  expect(await does((session) => start(session, NEW.replace(/c{64}/, 'e'.repeat(64))))).toEqual([]);
  expect(entry()).toMatchObject({ weightPercent: 0, startedAt: '2026-02-01T08:00:00Z' });
  expect(entry().rolledBackAt).toBeUndefined();
});

test('a rolled back version stays while it may still get requests', async () => {
  await started();
  await does(advance);
  evidence(1);
  await does(rollback);
  const unapplied =
    'v2 got 600 requests in the last minutes; apply the plan with its weight of 0, and wait until its metrics say so';
  expect(await does(finish)).toEqual(['the weight has changed 0 min ago; wait 5 min', unapplied]);
  minutes += 5;
  expect(await does(finish)).toEqual([unapplied]);
  evidence(0);
  expect(await does(finish)).toEqual([]);
  expect(entry()).toEqual({ v1: OLD });
});

test('a sample that was rolled back is not started again', async () => {
  for (const kind of ['environments', 'releases'])
    cpSync(join('mesh-config', kind, 'dev.yaml'), join(folder, kind, 'dev.yaml'));
  expect(await does(rollback, at('checkout', 'dev'))).toEqual([]);
  expect(await does((session) => start(session), at('checkout', 'dev'))).toEqual([
    "the environment's sample was rolled back at 2026-02-01T08:00:00Z; start another image, with --image",
  ]);
});

test('finish before the last step is refused', async () => {
  await started();
  expect(await does(finish)).toEqual([
    "v2 takes 0 % and has not passed every step; go on by 'advance', or give it up by 'rollback'",
  ]);
});

test('an image that the environment refuses is told with its place, and nothing is written', async () => {
  await removed();
  const before = release();

  await expect(
    does((session) => start(session, 'europe-west1-docker.pkg.dev/shop/checkout:latest')),
  ).rejects.toThrow(CatalogueError);
  expect(release()).toBe(before);
  expect(readdirSync(join(folder, 'releases'))).toEqual(['prod.yaml']);
});

test('a service without a canary, and one that is not there', () => {
  expect(() => at('cart')).toThrow(new UsageError("'cart' has no canary; add 'canary' to its service file"));
  expect(() => at('chekout')).toThrow(new UsageError("'chekout' is no service; did you mean 'checkout'?"));
});

test('two canaries at once do not see each other', async () => {
  const cart = join(folder, 'services', 'cart.yaml');
  writeFileSync(cart, `${readFileSync(cart, 'utf8')}canary: { stepsPercent: [10, 50, 100] }\n`);
  await started();
  const checkout = entry();

  expect(await does((session) => start(session, NEW.replace('/checkout@', '/cart@')), at('cart'))).toEqual(
    [],
  );
  expect(entry()).toEqual(checkout);
  expect(at('cart').stage).toBe('waiting');
});

test('status tells people what speaks against going on', async () => {
  await started();
  await does(advance);
  evidence(1, { failed: 100 });
  minutes = 30;
  const session = at();

  expect(renderStatus(await statusOf(session), session))
    .toBe(`checkout v2 in prod: stepping at 1 % since 2026-02-01T08:00:00Z

  step    requests/s  needs requests  bakes
  1 %            0.2            1691  145 min
  5 %              1            1745  34 min
  10 %             2            1855  30 min
  25 %             5            2282  30 min
  50 %            10            3544  30 min
  100 %           20            1474  30 min

  availability in this step: 100 bad of 4000 (5 times the budget); v1 4 bad of 396000 (0.002 times the budget)
  latency in this step: 0 bad of 4000 (0 times the budget); v1 0 bad of 396000 (0 times the budget)

  not yet: the step is 30 min old and bakes for 145 min; wait 115 min
  not yet: availability burns 5 times its budget in this step, and the canary is the cause; give the release up by 'rollback'`);
});
