import { SPLIT_ANNOTATIONS } from '../../model/canary/split';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPLY_ROLES } from '../../tools/bootstrap/pipeline-accounts';
import { stateSteps } from '../../tools/bootstrap/state-store';
import { changedStacks, unplannedStacks } from '../../tools/pipeline/changed';
import { beyondLowering } from '../../tools/pipeline/rollback';
import { stacksOfWave } from '../../tools/synthesized-stacks';
import { environmentNamed, shop, synthEnvironment } from '../support/synth';

let work: string;

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'pipeline-steps-'));
});

afterEach(() => rmSync(work, { recursive: true }));

/** As cdktf lays its output out. */
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

describe('the stacks that a change touches', () => {
  const before = {
    'dev-network': { '//': 'path', resource: { a: 1, b: 2 } },
    'prod-network': { resource: {} },
  };

  test('are those whose configuration differs, whatever cdktf notes and in whatever order', () => {
    const base = synthesis('base', before);
    const head = synthesis('head', {
      'dev-network': { resource: { b: 2, a: 1 }, '//': 'another path' },
      'prod-network': { resource: { google_dns_record_set: {} } },
    });

    expect(changedStacks(head, base, ['dev', 'prod'])).toEqual([
      { environment: 'prod', stacks: ['prod-network'] },
    ]);
  });

  test('include one that is new', () => {
    const base = synthesis('base', before);
    const head = synthesis('head', { ...before, 'dev-data': { resource: {} } });

    expect(changedStacks(head, base, ['dev', 'prod'])).toEqual([
      { environment: 'dev', stacks: ['dev-data'] },
    ]);
  });
});

describe('stacks without a plan', () => {
  const before = { 'dev-network': {}, 'dev-data': {}, 'old-network': {} };

  test('are those of an environment that the base does not know, and those that are gone', () => {
    const base = synthesis('base', before);
    const head = synthesis('head', { 'dev-network': { changed: true }, 'new-network': {} });
    const known = ['dev', 'old'];

    expect(changedStacks(head, base, known)).toEqual([{ environment: 'dev', stacks: ['dev-network'] }]);
    expect(unplannedStacks(head, base, known)).toEqual({
      added: ['new-network'],
      removed: ['dev-data', 'old-network'],
    });
  });

  test('are none where every stack stays', () => {
    const base = synthesis('base', before);
    expect(unplannedStacks(base, base, ['dev', 'old'])).toEqual({ added: [], removed: [] });
  });
});

test('a wave is counted from one, and there is none beyond the last', () => {
  const folder = synthesis('out', { 'dev-network': {}, 'dev-data': {} });

  expect(stacksOfWave(folder, 'dev', 2).map(({ id }) => id)).toEqual(['dev-data']);
  expect(() => stacksOfWave(folder, 'dev', 3)).toThrow("'dev' has waves 1 to 2, and no 3");
});

describe('an apply that nobody is asked about', () => {
  const CANARY = 'checkout-v2.purchasing.svc.cluster.local';
  const annotations: Readonly<Record<string, string>> = { [SPLIT_ANNOTATIONS.host]: CANARY };
  const route = (
    weights: readonly number[],
    { retries = 2, more = {}, annotations: given = annotations } = {},
  ) => ({
    manifest: {
      kind: 'VirtualService',
      metadata: { annotations: given },
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
    }) as Parameters<typeof beyondLowering>[0];

  test('may take weight from a canary', () => {
    expect(beyondLowering(change(route([90, 10]), route([100, 0])))).toEqual([]);
    expect(beyondLowering({})).toEqual([]);
  });

  test.each([
    ['give a canary more', change(route([90, 10]), route([10, 90]))],
    ['give a canary what no plan had yet', change(route([100]), route([90, 10]))],
    [
      'move weights where no canary is named',
      change(route([90, 10], { annotations: {} }), route([100, 0], { annotations: {} })),
    ],
    ['change retries besides', change(route([90, 10]), route([100, 0], { retries: 5 }))],
    ['change a destination', change(route([90, 10]), route([100]))],
    [
      'change how Terraform applies it',
      change(route([90, 10]), route([100, 0], { more: { field_manager: [{ force_conflicts: true }] } })),
    ],
    [
      'change another kind',
      change({ manifest: { kind: 'Service', weight: 1 } }, { manifest: { kind: 'Service', weight: 2 } }),
    ],
    ['make what is new', change(null, route([100, 0]), ['create'])],
    ['take what goes', change(route([100, 0]), null, ['delete'])],
    ['make it anew', change(route([90, 10]), route([100, 0]), ['delete', 'create'])],
  ])('may not %s', (_, plan) => {
    expect(beyondLowering(plan)).toEqual(['kubernetes_manifest.x']);
  });
});

describe('bootstrap', () => {
  test('gives the account that applies a role for every type of resource in every stack', () => {
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

  test('keeps the state under a key of its own, in versions, with plans forgotten after a week', () => {
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
