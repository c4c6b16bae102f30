/** What a change of a release file may do, against its base. */
import { TRANSITION_RULES } from '../../model/release/transition-rules';
import { releaseTransitionViolations } from '../../model/release/transition-violations';
import { formatViolation } from '../../model/source/violation';
import { edited, sourceFiles } from '../support/catalogue-fixture';

const image = (digit: string) => `registry.example/shop/cart@sha256:${digit.repeat(64)}`;
const [OLD, NEW, OTHER] = [image('a'), image('b'), image('c')];

const START = '2026-02-01T08:00:00Z';
/** After the step of 25 %, which needs 159 min. */
const LATER = '2026-02-01T11:00:00Z';
const NOW = new Date('2026-02-01T11:01:00Z');

interface Cart {
  readonly v1?: string;
  readonly v2?: string;
  readonly canary?: Readonly<Record<string, string | number>> | null;
}

function release({ v1 = OLD, v2 = NEW, canary = {} }: Cart): string {
  const images = { v1, ...(canary === null ? {} : { v2 }) };
  const cart = {
    images,
    ...(canary && {
      canary: { version: 'v2', weightPercent: 25, startedAt: START, stepSince: START, ...canary },
    }),
  };
  // JSON is YAML; absent values are left out.
  return `services:\n  cart: ${JSON.stringify(cart)}\n`;
}

type Files = Readonly<Record<string, string | null>>;

function violations(before: Cart | Files, after: Cart | Files): string[] {
  const content = (side: Cart | Files) => ({
    files: sourceFiles('releases/test.yaml' in side ? side : { 'releases/test.yaml': release(side) }),
    violations: [],
  });
  return releaseTransitionViolations(content(before), content(after), NOW).map(formatViolation);
}

/** A property that is left out of the entry. */
const NONE = undefined as unknown as string;

describe('the steps of mesh canary are allowed', () => {
  const at = (weightPercent: number, stepSince: string, more: Cart['canary'] = {}): Cart => ({
    canary: { weightPercent, stepSince, ...more },
  });
  test.each<[string, Cart, Cart]>([
    ['start', { canary: null }, at(0, LATER, { startedAt: LATER })],
    ['the first step', at(0, START), at(25, LATER)],
    ['advance', at(25, START), at(50, LATER)],
    ['a lower step', at(50, START), at(25, LATER)],
    ['pause', at(25, START), at(25, START, { pausedBecause: 'the bank is slow' })],
    ['pause --lift', at(25, START, { pausedBecause: 'the bank is slow' }), at(25, LATER)],
    ['rollback', at(50, START), at(0, LATER, { rolledBackAt: LATER })],
    ['removal after a rollback', at(0, START, { rolledBackAt: START }), { canary: null }],
    [
      'another image after a rollback',
      at(0, START, { rolledBackAt: START }),
      { ...at(0, LATER, { startedAt: LATER }), v2: OTHER },
    ],
    ['promotion', at(100, START), { ...at(100, START), v1: NEW }],
    ['half of the traffic returns', { ...at(100, START), v1: NEW }, { ...at(50, LATER), v1: NEW }],
    ['all traffic returns', { ...at(50, START), v1: NEW }, { ...at(0, LATER), v1: NEW }],
    ['the way back of a promotion', { ...at(100, START), v1: NEW }, at(100, START)],
    ['removal after a promotion', { ...at(0, START), v1: NEW }, { v1: NEW, canary: null }],
    ['a new image without a canary', { canary: null }, { v1: NEW, canary: null }],
  ])('%s', (_, before, after) => {
    expect(violations(before, after)).toEqual([]);
  });
});

describe('edits by hand are violations', () => {
  const LINE = 'releases/test.yaml:2:';
  test.each<[string, Cart, Cart, string]>([
    [
      'a weight that is no step',
      {},
      { canary: { weightPercent: 30, stepSince: LATER } },
      "weightPercent: 30 % is no step of the canary (25, 50, 100); use 'mesh canary advance' [REL-002]",
    ],
    [
      'a skipped step',
      {},
      { canary: { weightPercent: 100, stepSince: LATER } },
      "weightPercent: 25 % → 100 % skips 50 % (steps 25, 50, 100); use 'mesh canary advance' [REL-002]",
    ],
    [
      'a paused release that advances',
      { canary: { pausedBecause: 'the bank is slow' } },
      { canary: { weightPercent: 50, stepSince: LATER } },
      "weightPercent: 25 % → 50 % while the release is paused; use 'mesh canary pause --lift' first [REL-002]",
    ],
    [
      'no traffic without a rollback',
      {},
      { canary: { weightPercent: 0, stepSince: LATER } },
      "weightPercent: 25 % → 0 % without rolledBackAt; use 'mesh canary rollback' [REL-002]",
    ],
    [
      'traffic after a rollback',
      { canary: { weightPercent: 0, rolledBackAt: START } },
      { canary: { weightPercent: 25, rolledBackAt: START, stepSince: LATER } },
      "weightPercent: 25 % for a release that was rolled back; use 'mesh canary start' with another image [REL-002]",
    ],
    [
      'all traffic returned at once',
      { v1: NEW, canary: { weightPercent: 100 } },
      { v1: NEW, canary: { weightPercent: 0, stepSince: LATER } },
      "weightPercent: the promotion returns 100 % → 0 %, but the next step is 50 %; use 'mesh canary finish' [REL-002]",
    ],
    [
      'no stepSince',
      {},
      { canary: { weightPercent: 50, stepSince: NONE } },
      "canary.stepSince: the step has no stepSince; use 'mesh canary', which sets it [REL-003]",
    ],
    [
      'an old stepSince',
      {},
      { canary: { weightPercent: 50 } },
      `stepSince: ${START} is not after ${START}, the start of the former step; use 'mesh canary', which sets it [REL-003]`,
    ],
    [
      'an earlier stepSince at the same weight',
      { canary: { stepSince: LATER } },
      {},
      `stepSince: ${START} is not after ${LATER}, the start of the former step; use 'mesh canary', which sets it [REL-003]`,
    ],
    [
      'a stepSince in the future',
      {},
      { canary: { weightPercent: 50, stepSince: '2026-02-01T11:07:00Z' } },
      "stepSince: 2026-02-01T11:07:00Z is in the future; use 'mesh canary', which sets it [REL-003]",
    ],
    [
      'a stepSince within the former step',
      {},
      { canary: { weightPercent: 50, stepSince: '2026-02-01T08:01:00Z' } },
      "stepSince: the step at 25 % lasted 1 min, but needs 159 min; wait, then use 'mesh canary advance' [REL-003]",
    ],
    [
      'a canary removed with its traffic',
      {},
      { canary: null },
      "canary: v2 is removed while it receives 25 %; use 'mesh canary rollback', apply the plan, then 'finish' [REL-004]",
    ],
    [
      'a rollback undone',
      { canary: { weightPercent: 0, rolledBackAt: START } },
      { canary: { weightPercent: 0 } },
      `rolledBackAt: the release was rolled back at ${START} and cannot continue; use 'mesh canary start' with another image [REL-004]`,
    ],
    [
      'a later startedAt, which would ignore incidents',
      {},
      { canary: { startedAt: LATER } },
      `startedAt: startedAt changes from ${START} to ${LATER} within a release, so its incidents would be ignored; restore ${START} [REL-004]`,
    ],
    [
      'another image of the stable version',
      {},
      { v1: OTHER },
      "images.v1: v1 gets another image while v2 receives 25 %; end the canary first with 'mesh canary rollback' and 'finish' [REL-005]",
    ],
    [
      'a promotion before the last step',
      {},
      { v1: NEW },
      "images.v1: v1 gets the image of v2, which has 25 %, not 100 %; use 'mesh canary finish' after the last step [REL-005]",
    ],
  ])('%s', (_, before, after, expected) => {
    const found = violations(before, after);

    expect(found).toHaveLength(1);
    expect(found[0]).toContain(LINE);
    expect(found[0]).toContain(expected);
  });

  test('another image of the canary', () => {
    expect(violations({}, { v2: OTHER })).toEqual([
      expect.stringContaining(
        "images.v2: v2 gets another image while it receives 25 %; use 'mesh canary rollback', then 'start' with the new image [REL-004]",
      ),
      expect.stringContaining('canary.weightPercent: v2 starts with 25 % instead of 0 %'),
      expect.stringContaining('canary.startedAt: v2 starts without a new startedAt'),
    ]);
  });

  test('a canary that starts with traffic', () => {
    const found = violations({ canary: null }, { canary: { startedAt: NONE, weightPercent: 25 } });

    expect(found).toEqual([
      expect.stringContaining("canary.startedAt: v2 starts without a new startedAt; use 'mesh canary start'"),
      expect.stringContaining('canary.weightPercent: v2 starts with 25 % instead of 0 %'),
    ]);
  });
});

describe('the base', () => {
  const advanced = edited('releases/test.yaml', 'weightPercent: 25', 'weightPercent: 100', {
    'releases/test.yaml': 'services:\n  cart: { images: {}, canary: { version: v2, weightPercent: 25 } }\n',
  });
  const before = {
    'releases/test.yaml': 'services:\n  cart: { images: {}, canary: { version: v2, weightPercent: 25 } }\n',
  };

  test('decides about the steps, not the policy of the same change', () => {
    const policy = edited('services/cart.yaml', 'stepsPercent: [25, 50, 100]', 'stepsPercent: [25, 100]');

    expect(violations(before, { ...policy, ...advanced })).toContainEqual(
      expect.stringContaining('25 % → 100 % skips 50 %'),
    );
    expect(violations({ ...policy, ...before }, { ...policy, ...advanced })).not.toContainEqual(
      expect.stringContaining('skips'),
    );
  });

  test('knows a renamed service by its former name', () => {
    const renamed = {
      'services/cart.yaml': null,
      'services/basket.yaml': sourceFiles()
        .find(({ stem }) => stem === 'cart')!
        .text.replace('name: cart', 'name: basket\nrenamedFrom: cart'),
      ...edited('services/web.yaml', 'service: cart', 'service: basket'),
      'releases/test.yaml': advanced['releases/test.yaml']!.replace('cart:', 'basket:'),
    };

    expect(violations(before, renamed)).toContainEqual(
      expect.stringContaining('services.basket.canary.weightPercent: 25 % → 100 % skips 50 %'),
    );
  });

  test('without the environment allows any release of it', () => {
    const added = {
      'environments/new.yaml': sourceFiles()
        .find(({ kind }) => kind === 'environment')!
        .text.replace('name: test', 'name: new')
        .replace('shop-test', 'shop-new'),
      'releases/new.yaml': release({}),
      'releases/test.yaml': before['releases/test.yaml'],
    };

    expect(violations(before, added)).toEqual([]);
    expect(violations({ ...added, 'releases/new.yaml': release({ canary: null }) }, added)).not.toEqual([]);
  });

  test('reports a release file that vanished with a running canary', () => {
    expect(violations(before, { 'releases/test.yaml': null })).toEqual([
      expect.stringContaining(
        'environments/test.yaml:1:1: services.cart.canary: v2 is removed while it receives 25 %',
      ),
    ]);
  });

  test('is not compared with a file that has errors of its own', () => {
    expect(violations(before, { 'releases/test.yaml': 'services: [' })).toEqual([]);
  });
});

test('every rule has a short title, a rationale of one sentence and a fix', () => {
  expect(TRANSITION_RULES.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5].map((number) => `REL-00${number}`));
  for (const { title, rationale, fix } of TRANSITION_RULES) {
    expect(title.split(' ').length).toBeLessThanOrEqual(8);
    expect(rationale).toMatch(/^[A-Z][^.]*\.$/);
    expect(fix).not.toBe('');
  }
});
