import { HELD_DOWN } from '../../../verification/plan-fixtures/scenarios';
import { FLAGS } from '../../../model/review/flags';
import { Reviewer } from '../../../model/review/review';
import { readPlan } from '../../../tools/plan-review/read-plan';
import { flagsOf, headlinesOf, plansOf, reviewOf, SCENARIOS } from '../../support/plans';

/** For each flag a change that raises it, and one of the same resources that does not. */
const RAISED_BY: Readonly<Record<string, readonly [raising: string, quiet: string]>> = {
  'stateful-destroyed': ['database-replaced', 'database-grown'],
  'public-exposure': ['weakened', 'strengthened'],
  'default-deny-removed': ['weakened', 'strengthened'],
  'mtls-weakened': ['weakened', 'strengthened'],
  'authorization-widened': ['weakened', 'strengthened'],
  'iam-granted': ['weakened', 'strengthened'],
  'traffic-interrupted': ['renamed-anew', 'renamed'],
  'slo-lowered': ['weakened', 'strengthened'],
  'protection-off': ['database-replaced', 'database-grown'],
  'limits-loosened': ['weakened', 'calm'],
  'weight-cap-present': ['ceiling', 'calm'],
  'drift-found': ['drift', 'ceiling'],
};
/** A plan of the whole shop is half a megabyte, and several are read. */
jest.setTimeout(60_000);

test('every flag has a plan that raises it and one that does not', () => {
  expect(Object.keys(RAISED_BY).sort()).toEqual(FLAGS.map(({ id }) => id).sort());
});

describe.each(Object.entries(RAISED_BY))('%s', (flag, [raising, quiet]) => {
  test(`is raised by the plan '${raising}'`, async () => {
    expect(flagsOf(await reviewOf(raising))).toContain(flag);
  });

  test(`is not raised by the plan '${quiet}'`, async () => {
    expect(flagsOf(await reviewOf(quiet))).not.toContain(flag);
  });
});

test('flags come with the worst first', async () => {
  const severities = ['critical', 'high', 'medium', 'notice'];
  for (const scenario of SCENARIOS) {
    const { flags } = await reviewOf(scenario);
    const ranks = flags.map(({ severity }) => severities.indexOf(severity));
    expect(ranks).toEqual([...ranks].sort());
  }
});

describe('a calm change', () => {
  test('is told in the words of the mesh, by service', async () => {
    const review = await reviewOf('calm');

    expect(headlinesOf(review)).toEqual([
      'cart: retries 2 → 0',
      'checkout: canary v2 10 % → 25 %',
      'order-management: timeout 1 s → 900 ms',
    ]);
    expect(flagsOf(review)).toEqual([]);
  });

  test('says who notices if it goes wrong, callers of callers included', async () => {
    expect((await reviewOf('calm')).reach).toEqual([
      { subject: 'cart', feltBy: ['checkout', 'the public'] },
      { subject: 'checkout', feltBy: ['the public'] },
      { subject: 'order-management', feltBy: ['checkout', 'the public'] },
    ]);
  });
});

describe('a change that weakens the mesh', () => {
  test('names the new caller, the new public route and every bound that is looser', async () => {
    expect(headlinesOf(await reviewOf('weakened'))).toEqual(
      expect.arrayContaining([
        'order-management: new caller: frontend → order-management POST /orders',
        'cart: new public route: GET /carts/*, WITHOUT a token',
        'cart: timeout 800 ms → 900 ms',
        'cart: breaker: connections 100 → 300',
        'cart: availability objective 99.9 % → 99.5 %',
        'cart: latency threshold 200 ms → 400 ms',
        'the mesh: mutual TLS STRICT → PERMISSIVE',
        'storefront: default deny of requests on → none',
      ]),
    );
  });

  test('taken back says the same the other way round', async () => {
    expect(headlinesOf(await reviewOf('strengthened'))).toEqual(
      expect.arrayContaining([
        'order-management: caller gone: frontend → order-management POST /orders',
        'cart: public route gone: GET /carts/*, WITHOUT a token',
        'cart: timeout 900 ms → 800 ms',
        'the mesh: mutual TLS PERMISSIVE → STRICT',
        'storefront: default deny of requests none → on',
      ]),
    );
  });

  test('says to whom a role goes', async () => {
    const flag = (await reviewOf('weakened')).flags.find(({ id }) => id === 'iam-granted');

    expect(flag?.findings).toEqual([
      {
        what: 'role shop-operator in purchasing to Group someone@shop.example',
        where: 'kubernetes_manifest.someone',
      },
    ]);
  });
});

describe('a service that gets another name', () => {
  test('is moved and nothing else, if its file says what it was called', async () => {
    const review = await reviewOf('renamed');

    expect(review.counts).toEqual([
      { stack: 'test-mesh-policies', create: 0, update: 0, replace: 0, delete: 0, moved: 17, drift: 0 },
    ]);
    expect([...headlinesOf(review), ...flagsOf(review)]).toEqual([]);
  });

  test('is destroyed and created anew, if it does not', async () => {
    const review = await reviewOf('renamed-anew');

    expect(review.counts).toMatchObject([{ create: 17, delete: 17, moved: 0 }]);
    expect(headlinesOf(review)).toEqual(
      expect.arrayContaining(['basket: new service', 'cart: service ends']),
    );
  });

  test('is replaced in spite of moved blocks, if its objects take the new name', async () => {
    const review = await reviewOf('renamed-everywhere');
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

test('a port that is opened to everybody and a grant to all are both told', async () => {
  const flag = (await reviewOf('opened')).flags.find(({ id }) => id === 'public-exposure');

  expect(flag?.findings).toEqual([
    { what: 'packets from any address are let in', where: 'google_compute_firewall.everybody' },
    { what: 'granted to allUsers', where: 'google_project_iam_member.everybody' },
  ]);
  expect(flagsOf(await reviewOf('first-deploy'))).not.toContain('public-exposure');
});

describe('a public route', () => {
  const exposed = async (scenario: string) =>
    (await reviewOf(scenario)).flags.find(({ id }) => id === 'public-exposure')?.findings;

  test('that no longer asks for a token is exposed', async () => {
    expect(await exposed('token-dropped')).toEqual([
      { what: 'GET /carts/* no longer needs a token', where: 'cart' },
      { what: 'api.shop.example GET /carts/* no longer needs a token', where: 'ingress-gateway' },
    ]);
  });

  test('that begins to ask for one is not', async () => {
    expect(await exposed('token-asked-for')).toBeUndefined();
  });
});

describe('what was done to the cluster past the plan', () => {
  async function calmWith(prepare: (reviewer: Reviewer) => void) {
    const reviewer = new Reviewer('test');
    for (const file of plansOf('calm')) await readPlan(file, reviewer);
    prepare(reviewer);
    return reviewer.review();
  }

  test('a ceiling tells how far the canary may go, since when and why', async () => {
    const { flags } = await calmWith((reviewer) => reviewer.addWeightCap(HELD_DOWN));

    expect(flags.find(({ id }) => id === 'weight-cap-present')?.findings).toEqual([
      { what: 'at most 0 % (rollback) since 2026-01-31T09:00:00Z, incident 0.nq3x5', where: 'checkout' },
    ]);
  });

  test('a ceiling of another release holds nothing', async () => {
    const other = { ...HELD_DOWN, release: `sha256:${'3'.repeat(64)}` };

    expect(flagsOf(await calmWith((reviewer) => reviewer.addWeightCap(other)))).toEqual([]);
  });

  test('drift is named by the path that somebody changed', async () => {
    const object = (mode: string) => ({ object: { spec: { mtls: { mode } } } });
    const drift = {
      ...{ stack: 'test-mesh-policies', address: 'kubernetes_manifest.mesh_strict_mutual_tls' },
      ...({ type: 'kubernetes_manifest', action: 'update', replacedBecauseOf: [] } as const),
      ...{ before: object('STRICT'), after: object('DISABLE') },
    };
    const { flags, counts } = await calmWith((reviewer) => reviewer.addDrift(drift));

    expect(counts).toMatchObject([{ drift: 1 }]);
    expect(flags.map(({ id, findings }) => [id, findings[0]?.what])).toEqual([
      ['drift-found', 'object.spec.mtls.mode'],
    ]);
  });
});
