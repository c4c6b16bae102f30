import { CHECKOUT_WEIGHT_CAP } from '../../../verification/plan-fixtures/scenarios';
import { FLAGS } from '../../../model/review/flags';
import { Reviewer } from '../../../model/review/review';
import { readPlan } from '../../../tools/plan-review/read-plan';
import { flagsOf, headlinesOf, plansOf, reviewOf, SCENARIOS } from '../../support/plans';

/** For each flag a plan that raises it, and a plan of the same resources that does not. */
const RAISED_BY: Readonly<Record<string, readonly [raising: string, notRaising: string]>> = {
  'stateful-destroyed': ['database-replaced', 'database-resized'],
  'public-exposure': ['weakened', 'strengthened'],
  'default-deny-removed': ['weakened', 'strengthened'],
  'mtls-weakened': ['weakened', 'strengthened'],
  'authorization-widened': ['weakened', 'strengthened'],
  'iam-granted': ['weakened', 'strengthened'],
  'traffic-interrupted': ['renamed-without-move', 'renamed'],
  'slo-lowered': ['weakened', 'strengthened'],
  'protection-off': ['database-replaced', 'database-resized'],
  'limits-loosened': ['weakened', 'routine-changes'],
  'weight-cap-present': ['weight-cap', 'routine-changes'],
  'drift-found': ['drift', 'weight-cap'],
  'notification-removed': ['settings-weakened', 'settings-restored'],
  'notification-moved': ['settings-weakened', 'routine-changes'],
  'evidence-reduced': ['settings-weakened', 'settings-restored'],
  'upgrades-loosened': ['settings-weakened', 'settings-restored'],
  'capacity-reduced': ['settings-weakened', 'settings-restored'],
};
/** Each test reads plans of half a megabyte. */
jest.setTimeout(60_000);

test('every flag has a plan that raises it and one that does not', () => {
  // The others are raised in expected-flags.test.ts.
  const others = [
    'release-transition',
    'hotfix-released',
    'stack-removed',
    'public-route-added',
    'public-name-added',
    'origin-added',
    'page-protection-reduced',
    'foreign-image',
  ];
  const ofPlans = FLAGS.map(({ id }) => id).filter((id) => !others.includes(id));
  expect(Object.keys(RAISED_BY).sort()).toEqual(ofPlans.sort());
});

describe.each(Object.entries(RAISED_BY))('%s', (flag, [raising, notRaising]) => {
  test(`is raised by the plan '${raising}'`, async () => {
    expect(flagsOf(await reviewOf(raising))).toContain(flag);
  });

  test(`is not raised by the plan '${notRaising}'`, async () => {
    expect(flagsOf(await reviewOf(notRaising))).not.toContain(flag);
  });
});

test('flags are sorted, most severe first', async () => {
  const severities = ['critical', 'high', 'medium', 'notice'];
  for (const scenario of SCENARIOS) {
    const { flags } = await reviewOf(scenario);
    const ranks = flags.map(({ severity }) => severities.indexOf(severity));
    expect(ranks).toEqual([...ranks].sort());
  }
});

describe('a routine change', () => {
  test('is summarized by service', async () => {
    const review = await reviewOf('routine-changes');

    expect(headlinesOf(review)).toEqual([
      'cart: retries 2 → 0',
      // By default it is a share of the timeout of an attempt.
      'cart: circuit breaker: connect timeout 230 ms → 1 s',
      'checkout: canary v2 10 % → 25 %',
      'order-management: timeout 1 s → 900 ms',
    ]);
    expect(flagsOf(review)).toEqual([]);
  });

  test('has a blast radius of direct and transitive callers', async () => {
    expect((await reviewOf('routine-changes')).blastRadius).toEqual([
      { subject: 'cart', affected: ['checkout', 'external clients'] },
      { subject: 'checkout', affected: ['external clients'] },
      { subject: 'order-management', affected: ['checkout', 'external clients'] },
    ]);
  });
});

describe('a change that weakens the mesh', () => {
  test('names the new caller, the new public route and every loosened limit', async () => {
    expect(headlinesOf(await reviewOf('weakened'))).toEqual(
      expect.arrayContaining([
        'order-management: new caller: frontend → order-management POST /orders',
        'cart: new public route: GET /carts/*, WITHOUT end-user token',
        'cart: timeout 800 ms → 900 ms',
        'cart: circuit breaker: connections 100 → 300',
        'cart: availability SLO target 99.9 % → 99.5 %',
        'cart: latency threshold 256 ms → 512 ms',
        'the mesh: mutual TLS STRICT → PERMISSIVE',
        'storefront: L7 default deny (AuthorizationPolicy) on → none',
      ]),
    );
  });

  test('is reported in reverse when it is reverted', async () => {
    expect(headlinesOf(await reviewOf('strengthened'))).toEqual(
      expect.arrayContaining([
        'order-management: caller removed: frontend → order-management POST /orders',
        'cart: public route removed: GET /carts/*, WITHOUT end-user token',
        'cart: timeout 900 ms → 800 ms',
        'the mesh: mutual TLS PERMISSIVE → STRICT',
        'storefront: L7 default deny (AuthorizationPolicy) none → on',
      ]),
    );
  });

  test('names the subject of a granted role', async () => {
    const flag = (await reviewOf('weakened')).flags.find(({ id }) => id === 'iam-granted');

    expect(flag?.findings).toEqual([
      {
        message: 'role shop-operator in namespace purchasing to Group someone@shop.example',
        location: 'kubernetes_manifest.someone',
      },
    ]);
  });
});

describe('a renamed service', () => {
  test('is only moved if its file has renamedFrom', async () => {
    const review = await reviewOf('renamed');

    expect(review.counts).toEqual([
      { stack: 'test-mesh-policies', create: 0, update: 0, replace: 0, delete: 0, moved: 17, drift: 0 },
    ]);
    expect(headlinesOf(review)).toEqual(['cart: renamed in the catalogue: cart → basket']);
    expect(flagsOf(review)).toEqual([]);
  });

  test('is destroyed and recreated without renamedFrom', async () => {
    const review = await reviewOf('renamed-without-move');

    expect(review.counts).toMatchObject([{ create: 17, delete: 17, moved: 0 }]);
    expect(headlinesOf(review)).toEqual(
      expect.arrayContaining(['basket: new service', 'cart: service removed']),
    );
  });

  test('is replaced despite moved blocks if its objects get the new name', async () => {
    const review = await reviewOf('renamed-objects');
    const replaced = review.changes.filter(({ action }) => action === 'replace');

    expect(review.counts).toMatchObject([{ create: 0, replace: 14, moved: 17 }]);
    expect(
      replaced
        .filter(({ type }) => type === 'kubernetes_manifest')
        .map(({ replacedBecauseOf }) => replacedBecauseOf)
        .every((paths) => paths.includes('manifest.metadata.name')),
    ).toBe(true);
  });
});

test('an open firewall and a role for all users are public exposure', async () => {
  const flag = (await reviewOf('publicly-exposed')).flags.find(({ id }) => id === 'public-exposure');

  expect(flag?.findings).toEqual([
    { message: 'firewall admits any source address', location: 'google_compute_firewall.everybody' },
    { message: 'role granted to allUsers', location: 'google_project_iam_member.everybody' },
  ]);
  expect(flagsOf(await reviewOf('first-deploy'))).not.toContain('public-exposure');
});

describe('a public route', () => {
  const exposed = async (scenario: string) =>
    (await reviewOf(scenario)).flags.find(({ id }) => id === 'public-exposure')?.findings;

  test('that no longer requires an end-user token is exposed', async () => {
    expect(await exposed('token-removed')).toEqual([
      { message: 'GET /carts/* no longer needs an end-user token', location: 'cart' },
      {
        message: 'api.shop.example GET /carts/* no longer needs an end-user token',
        location: 'ingress-gateway',
      },
    ]);
  });

  test('that newly requires one is not', async () => {
    expect(await exposed('token-required')).toBeUndefined();
  });
});

describe('a change in the cluster outside of Terraform', () => {
  async function routineChangesWith(prepare: (reviewer: Reviewer) => void) {
    const reviewer = new Reviewer('test');
    for (const file of plansOf('routine-changes')) await readPlan(file, reviewer);
    prepare(reviewer);
    return reviewer.review();
  }

  test('a weight cap is reported with its limit, time and incident', async () => {
    const { flags } = await routineChangesWith((reviewer) => reviewer.addWeightCap(CHECKOUT_WEIGHT_CAP));

    expect(flags.find(({ id }) => id === 'weight-cap-present')?.findings).toEqual([
      {
        message: 'at most 0 % (rollback) since 2026-01-31T09:00:00Z, incident 0.nq3x5',
        location: 'checkout',
      },
    ]);
  });

  test('a weight cap of another release has no effect', async () => {
    const other = { ...CHECKOUT_WEIGHT_CAP, release: `sha256:${'3'.repeat(64)}` };

    expect(flagsOf(await routineChangesWith((reviewer) => reviewer.addWeightCap(other)))).toEqual([]);
  });

  test('drift is reported with the changed path', async () => {
    const object = (mode: string) => ({ object: { spec: { mtls: { mode } } } });
    const resource = {
      stack: 'test-mesh-policies',
      address: 'kubernetes_manifest.mesh_strict_mutual_tls',
      type: 'kubernetes_manifest',
      action: 'update',
      replacedBecauseOf: [],
    } as const;
    const { flags, counts } = await routineChangesWith((reviewer) => {
      reviewer.addDrift({ ...resource, before: object('STRICT'), after: object('DISABLE') });
      reviewer.addChange({ ...resource, before: object('DISABLE'), after: object('STRICT') });
    });

    expect(counts).toMatchObject([{ drift: 1 }]);
    expect(flags.map(({ id, findings }) => [id, findings[0]?.message])).toEqual([
      ['drift-found', 'object.spec.mtls.mode'],
    ]);
  });

  test('values that Google sets are no drift', async () => {
    const found = (await reviewOf('drift')).flags.find(({ id }) => id === 'drift-found')?.findings;

    // The plan also lists other resources, whose empty lists the provider has read for the first time.
    expect(found?.map(({ location, message }) => `${location}: ${message}`)).toEqual([
      'google_monitoring_slo.cart_slo_availability_objective: goal',
      'kubernetes_manifest.cart_access_authorization_policy: object.spec.rules[0].to[0].operation.methods[0]',
      'kubernetes_manifest.cart_access_v1_network_policy: object.spec.ingress[0].ports[0].port',
    ]);
  });
});
