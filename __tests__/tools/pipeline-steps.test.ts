import { SPLIT_ANNOTATIONS } from '../../model/canary/split';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPLY_ROLES } from '../../tools/bootstrap/pipeline-accounts';
import { stateSteps } from '../../tools/bootstrap/state-store';
import { changedStacks, unplannedStacks } from '../../tools/pipeline/changed';
import { changesBeyondLowering, type RollbackPlan } from '../../tools/pipeline/rollback';
import { stacksOfWave } from '../../tools/synthesized-stacks';
import { environmentNamed, shop } from '../support/catalogues';
import { synthEnvironment } from '../support/synth';

let work: string;

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'pipeline-steps-'));
});

afterEach(() => rmSync(work, { recursive: true }));

/** Writes stacks as cdktf does, each depending on the one before. */
function synthesis(name: string, stacks: Readonly<Record<string, unknown>>): string {
  const folder = join(work, name);
  for (const [id, json] of Object.entries(stacks)) {
    mkdirSync(join(folder, 'stacks', id), { recursive: true });
    writeFileSync(join(folder, 'stacks', id, 'cdk.tf.json'), JSON.stringify(json));
  }
  const ids = Object.keys(stacks);
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({
      stacks: Object.fromEntries(
        ids.map((id, index) => [
          id,
          { workingDirectory: `stacks/${id}`, dependencies: ids.slice(Math.max(0, index - 1), index) },
        ]),
      ),
    }),
  );
  return folder;
}

describe('the stacks that a change affects', () => {
  const before = {
    'dev-network': { '//': 'path', resource: { a: 1, b: 2 } },
    'prod-network': { resource: {} },
  };

  test('are those whose configuration differs, regardless of key order and cdktf metadata', () => {
    const base = synthesis('base', before);
    const head = synthesis('head', {
      'dev-network': { resource: { b: 2, a: 1 }, '//': 'another path' },
      'prod-network': { resource: { google_dns_record_set: {} } },
    });

    expect(changedStacks(head, base, ['dev', 'prod'])).toEqual([
      { environment: 'prod', stacks: ['prod-network'] },
    ]);
  });

  test('include a new one', () => {
    const base = synthesis('base', before);
    const head = synthesis('head', { ...before, 'dev-data': { resource: {} } });

    expect(changedStacks(head, base, ['dev', 'prod'])).toEqual([
      { environment: 'dev', stacks: ['dev-data'] },
    ]);
  });
});

describe('stacks without a plan', () => {
  const before = { 'dev-network': {}, 'dev-data': {}, 'old-network': {} };

  test('are those of an environment that the base does not have, and removed ones', () => {
    const base = synthesis('base', before);
    const head = synthesis('head', { 'dev-network': { changed: true }, 'new-network': {} });
    const known = ['dev', 'old'];

    expect(changedStacks(head, base, known)).toEqual([{ environment: 'dev', stacks: ['dev-network'] }]);
    expect(unplannedStacks(head, base, known)).toEqual({
      added: ['new-network'],
      removed: ['dev-data', 'old-network'],
    });
  });

  test('are none if no stack is added or removed', () => {
    const base = synthesis('base', before);
    expect(unplannedStacks(base, base, ['dev', 'old'])).toEqual({ added: [], removed: [] });
  });
});

test('waves are numbered from 1 to the last', () => {
  const folder = synthesis('out', { 'dev-network': {}, 'dev-data': {} });

  expect(stacksOfWave(folder, 'dev', 2).map(({ id }) => id)).toEqual(['dev-data']);
  expect(() => stacksOfWave(folder, 'dev', 3)).toThrow("wave 3 does not exist; 'dev' has waves 1 to 2");
});

describe('an apply without approval', () => {
  const CANARY = 'checkout-v2.purchasing.svc.cluster.local';
  const annotations: Readonly<Record<string, string>> = {
    [`${SPLIT_ANNOTATIONS.host}checkout`]: CANARY,
    [`${SPLIT_ANNOTATIONS.release}checkout`]: 'sha256:5b2b',
  };
  const route = (
    weights: readonly number[],
    { retries = 2, more = {}, annotations: routeAnnotations = annotations } = {},
  ) => ({
    manifest: {
      kind: 'VirtualService',
      metadata: { annotations: routeAnnotations },
      spec: {
        http: [
          {
            retries,
            route: weights.map((weight, index) => ({
              weight,
              destination: { host: index === 1 ? CANARY : `stable-${index}` },
            })),
          },
        ],
      },
    },
    object: { unknown: Math.random() },
    ...more,
  });
  const change = (before: unknown, after: unknown, actions = ['update']) =>
    ({
      resource_changes: [
        {
          address: 'kubernetes_manifest.x',
          mode: 'managed',
          type: 'kubernetes_manifest',
          change: { actions, before, after },
        },
      ],
    }) as RollbackPlan;

  test('may lower the weight of a canary', () => {
    expect(changesBeyondLowering(change(route([90, 10]), route([100, 0])))).toEqual([]);
    expect(changesBeyondLowering({})).toEqual([]);
  });

  test.each([
    ['raise the weight of a canary', change(route([90, 10]), route([10, 90]))],
    ['add a canary destination', change(route([100]), route([90, 10]))],
    [
      'change weights of a route without a canary host',
      change(route([90, 10], { annotations: {} }), route([100, 0], { annotations: {} })),
    ],
    ['also change retries', change(route([90, 10]), route([100, 0], { retries: 5 }))],
    ['change a destination', change(route([90, 10]), route([100]))],
    [
      'change how Terraform applies it',
      change(route([90, 10]), route([100, 0], { more: { field_manager: [{ force_conflicts: true }] } })),
    ],
    [
      'change another kind',
      change({ manifest: { kind: 'Service', weight: 1 } }, { manifest: { kind: 'Service', weight: 2 } }),
    ],
    ['create a route', change(null, route([100, 0]), ['create'])],
    ['delete a route', change(route([100, 0]), null, ['delete'])],
    ['replace a route', change(route([90, 10]), route([100, 0]), ['delete', 'create'])],
  ])('must not %s', (_, plan) => {
    expect(changesBeyondLowering(plan)).toEqual(['kubernetes_manifest.x']);
  });
});

describe('bootstrap', () => {
  test('grants the apply account a role for every type of resource in every stack', () => {
    const types = shop.environments
      .flatMap((environment) => [...synthEnvironment(environment).values()])
      .flatMap(({ resource = {} }) => Object.keys(resource));
    const covered = Object.values(APPLY_ROLES).flat();
    const without = [...new Set(types)].filter(
      (type) => !type.startsWith('terraform_') && !covered.some((prefix) => type.startsWith(prefix)),
    );

    expect(types.length).toBeGreaterThan(100);
    expect(without).toEqual([]);
  });

  test('encrypts the state with its own key, keeps versions, and deletes plans after a week', () => {
    const lines = stateSteps(environmentNamed('prod'), '2026-03-01').map(({ command }) => command.join(' '));
    const update = lines.find((line) => line.includes('buckets update')) ?? '';

    expect(update).toContain('--versioning');
    expect(update).toContain('--public-access-prevention');
    expect(update).toContain(
      '--default-encryption-key=projects/shop-prod-example/locations/europe-west1/keyRings/terraform-state/cryptoKeys/state',
    );
    expect(lines.join('\n')).toContain('--next-rotation-time=2026-05-30T00:00:00.000Z');
    const [, file = ''] = /--lifecycle-file=(\S+)/.exec(update) ?? [];
    expect(JSON.parse(readFileSync(file, 'utf8')).rule[0].condition).toEqual({
      age: 7,
      matchesPrefix: ['plans/'],
    });
  });
});
