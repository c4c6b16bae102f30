/** `mesh release check`: the promotion policy, by the history of a real repository and by what the cluster reports. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reviewComparison } from '../../tools/commands/diff';
import { checkReleases, type CheckReport } from '../../tools/release/check';
import { formatViolation } from '../../model/source/violation';
import { aCatalogue } from '../support/catalogue-fixture';
import { buildCommand, GitShop } from '../support/git-shop';
import { flagsOf } from '../support/plans';
import { synthEnvironment } from '../support/synth';
import { digestOf, imageIn, releasesOf, TWO_ENVIRONMENTS } from '../support/two-environments';

/** Staging's commit of image b, the end of its rollout, and the check an hour later. */
const COMMITTED = '2026-01-12T09:00:00Z';
const ROLLED_OUT = '2026-01-12T09:10:00Z';
const SOAKED = new Date('2026-01-12T10:10:00Z');

let shop: GitShop;
beforeAll(buildCommand, 60_000);
beforeEach(() => {
  shop = new GitShop(TWO_ENVIRONMENTS);
  shop.write({ 'releases/staging.yaml': shipped('staging', 'b') });
  shop.commit('Ship stock to staging', COMMITTED);
  cluster(imageIn('staging', 'stock', 'b'));
});
afterEach(() => shop.remove());

function shipped(environment: string, digit: string): string {
  return releasesOf(environment, 'a').replace(
    imageIn(environment, 'stock', 'a'),
    imageIn(environment, 'stock', digit),
  );
}

/** What `kubectl get deployments` prints for the source environment. */
function cluster(image: string, status: object = {}, time = ROLLED_OUT): void {
  const conditions = [{ type: 'Progressing', reason: 'NewReplicaSetAvailable', lastUpdateTime: time }];
  const complete = {
    observedGeneration: 3,
    replicas: 2,
    updatedReplicas: 2,
    availableReplicas: 2,
    conditions,
  };
  const item = {
    metadata: { name: 'stock-v1', namespace: 'sales', generation: 3 },
    spec: { replicas: 2, template: { spec: { containers: [{ name: 'app', image }] } } },
    status: { ...complete, ...status },
  };
  writeFileSync(join(shop.folder, 'deployments.json'), JSON.stringify({ items: [item] }));
}

function check(now = SOAKED, change?: string, base = 'main'): CheckReport {
  return checkReleases(
    {
      base,
      folder: shop.path(''),
      change,
      environment: undefined,
      deployments: join(shop.folder, 'deployments.json'),
      login: false,
    },
    now,
  );
}

/** Rules without their place. */
function blockers(now?: Date): string[] {
  return check(now).violations.map((violation) => `${violation.rule} [${violation.ruleId}]`);
}

describe('prod takes an image', () => {
  beforeEach(() => shop.write({ 'releases/prod.yaml': shipped('prod', 'b') }));

  test('that staging has run for the declared time', () => {
    expect(check()).toMatchObject({ violations: [], promoted: [{ service: 'stock', environment: 'prod' }] });
  });

  test('not before the time has passed since all pods were available', () => {
    expect(blockers(new Date('2026-01-12T10:09:59Z'))).toEqual([
      "all pods of 'stock-v1' in 'staging' have run sha256:bbbbbbbbbbbb for 59 min; 'prod' requires 60 min [REL-006]",
    ]);
  });

  test('not before the time has passed since the commit, whatever the cluster reports', () => {
    cluster(imageIn('staging', 'stock', 'b'), {}, '2026-01-01T00:00:00Z');

    expect(blockers(new Date('2026-01-12T09:59:00Z'))).toEqual([
      "'staging' has run sha256:bbbbbbbbbbbb for 59 min; 'prod' requires 60 min [REL-006]",
    ]);
  });

  test.each<[string, string, object, string]>([
    ['another image', 'a', {}, "in the cluster of 'staging', 'stock-v1' does not run"],
    [
      'an unavailable pod',
      'b',
      { availableReplicas: 1 },
      "in the cluster of 'staging', 'stock-v1': 1 of 2 pods are available, 2 of 2 have the new image",
    ],
    ['no time of the rollout', 'b', { conditions: [] }, "does not report since when 'stock-v1' is available"],
  ])('not with %s in the cluster', (_, digit, status, message) => {
    cluster(imageIn('staging', 'stock', digit), status);

    expect(blockers()).toEqual([expect.stringContaining(message)]);
  });
});

test('an image that staging does not run is refused, even if the same change releases it there', () => {
  shop.write({
    'releases/prod.yaml': shipped('prod', 'c'),
    'releases/staging.yaml': shipped('staging', 'c'),
  });

  const { violations } = check();
  expect(violations.map(formatViolation)).toEqual([
    expect.stringMatching(
      /releases\/prod\.yaml:9:11: services\.stock\.images\.v1: 'staging' does not run sha256:cccccccccccc; wait, or ship a hotfix with 'mesh release set … --hotfix … --ticket …' \[REL-006\]$/,
    ),
  ]);
});

test('a canary without traffic in staging has not run', () => {
  const text = shop.read('releases/staging.yaml');
  const canary = (weight: number) =>
    text.replace(
      imageIn('staging', 'cart', 'a'),
      `${imageIn('staging', 'cart', 'a')}
      v2: ${imageIn('staging', 'cart', 'd')}
    canary: { version: v2, weightPercent: ${weight}, startedAt: ${COMMITTED}, stepSince: ${COMMITTED} }`,
    );
  shop.write({ 'releases/staging.yaml': canary(0) });
  shop.commit('Start a canary of cart', COMMITTED);
  const prod = shop
    .read('releases/prod.yaml')
    .replace(imageIn('prod', 'cart', 'a'), imageIn('prod', 'cart', 'd'));
  shop.write({ 'releases/prod.yaml': prod });

  expect(blockers()).toEqual(["'staging' does not run sha256:dddddddddddd [REL-006]"]);
  shop.git('checkout', '--quiet', '--', '.');
  shop.write({ 'releases/staging.yaml': canary(25) });
  shop.commit('Advance', COMMITTED);
  shop.write({ 'releases/prod.yaml': prod });
  expect(blockers()).toEqual([
    "in the cluster of 'staging', Deployment 'cart-v2' does not exist yet [REL-006]",
  ]);
});

test('the policy is that of the base: a change cannot drop it', () => {
  shop.write({
    'releases/prod.yaml': shipped('prod', 'c'),
    'environments/prod.yaml': shop.read('environments/prod.yaml').replace(/promotion.*\n/, ''),
  });

  expect(blockers()).toEqual(["'staging' does not run sha256:cccccccccccc [REL-006]"]);
});

test('a revert to an image that prod has run needs no other environment', () => {
  shop.write({ 'releases/prod.yaml': shipped('prod', 'b') });
  shop.commit('Promote stock', '2026-01-12T11:00:00Z');
  shop.write({ 'releases/prod.yaml': shipped('prod', 'a') });

  expect(blockers()).toEqual([]);
});

describe('a hotfix', () => {
  const hotfix = (digit: string) =>
    shipped('prod', 'c').replace(
      /(v1: \S+c{64})\n/,
      `$1\n    hotfix: { digest: '${digestOf(digit)}', reason: stock is always empty, ticket: INC-42 }\n`,
    );

  test('passes, and is listed', () => {
    shop.write({ 'releases/prod.yaml': hotfix('c') });

    expect(check()).toMatchObject({ violations: [], hotfixes: [{ service: 'stock' }], promoted: [] });
    expect(shop.mesh(['release', 'check', '--base', 'main'])).toEqual({
      status: 0,
      stderr: '',
      stdout:
        'hotfix in prod: stock sha256:cccccccccccc without promotion (INC-42: stock is always empty)\nreleases: no errors\n',
    });
  });

  test('of another digest is no exception', () => {
    shop.write({ 'releases/prod.yaml': hotfix('d') });

    expect(blockers()).toEqual(["'staging' does not run sha256:cccccccccccc [REL-006]"]);
  });

  test('raises a critical flag in a plan review, once', () => {
    const environment = (changes: object) =>
      aCatalogue({ ...TWO_ENVIRONMENTS, ...changes }).environments.find(({ name }) => name === 'prod')!;
    const before = synthEnvironment(environment({}));
    const after = synthEnvironment(environment({ 'releases/prod.yaml': hotfix('c') }));
    const later = synthEnvironment(
      environment({ 'releases/prod.yaml': hotfix('c').replace('cart@', 'cart2@') }),
    );
    const flags = (from: typeof before, to: typeof before) =>
      reviewComparison({ before: from, after: to }, 'prod').flatMap(flagsOf);

    expect(flags(before, after)).toContain('hotfix-released');
    expect(
      reviewComparison({ before, after }, 'prod')[0]?.flags.find(({ id }) => id === 'hotfix-released'),
    ).toMatchObject({
      severity: 'critical',
      findings: [
        {
          message: 'hotfix INC-42: stock is always empty',
          location: 'kubernetes_manifest.stock_v1_deployment',
        },
      ],
    });
    expect(flags(after, later)).not.toContain('hotfix-released');
  });
});

test('the command compares a folder with a commit, and names the environments for a pipeline', () => {
  const change = new GitShop({
    ...TWO_ENVIRONMENTS,
    'releases/prod.yaml': shipped('prod', 'c'),
    'releases/staging.yaml': shipped('staging', 'b'),
  });
  try {
    const args = ['--base', 'HEAD', '--change', change.path('')];
    expect(shop.mesh(['release', 'changed', ...args]).stdout).toBe(
      '[{"environment":"prod","from":"staging"}]\n',
    );
    const { status, stdout } = shop.mesh(['release', 'check', ...args, '--env', 'prod']);
    expect(status).toBe(1);
    expect(stdout).toContain("'staging' does not run sha256:cccccccccccc");
    expect(stdout).toContain('releases: 1 error\n');
    expect(shop.mesh(['release', 'check', ...args, '--env', 'staging'])).toMatchObject({ status: 0 });
  } finally {
    change.remove();
  }
});
