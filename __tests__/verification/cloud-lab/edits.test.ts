import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue } from '../../../model/catalogue/load';
import { scenariosOf } from '../../../verification/cloud-lab/edits/scenarios';
import { shopCatalogue } from '../../../verification/cloud-lab/lab/shop';
import { writeEditedCatalogue } from '../../../verification/plan-fixtures/variant';
import { writeSwitched } from '../../../verification/terraform/switches';
import { TODAY } from '../../support/catalogue-fixture';
import { CloudState } from '../../../verification/cloud-lab/engine/world';
import { NO_DELAYS } from '../../../verification/cloud-lab/engine/switches';
import type { ExpectedChange } from '../../../verification/cloud-lab/edits/edit';
import { differencesFrom } from '../../../verification/cloud-lab/edits/expectation';
import { rotateKeys } from '../../../verification/cloud-lab/edits/key-rotation';
import { assertAsReviewed, snapshotOf } from '../../../verification/cloud-lab/edits/outcome';
import type { PlanReview } from '../../../verification/cloud-lab/lab/pipeline';
import {
  COMBINATIONS,
  FACTORS,
  nameOf,
  switchesOf,
  type Factor,
} from '../../../verification/cloud-lab/switch-test/combinations';

const STACK = 'test-network';
const review = (...changes: readonly (readonly [action: string, address: string])[]): PlanReview => ({
  headlines: [{ subject: 'cart', text: 'retries 2 → 0' }],
  flags: [{ id: 'limits-loosened', findings: [] }],
  resources: changes.map(([action, address]) => ({ stack: STACK, address, action })),
});
const EXPECTED: ExpectedChange = {
  stacks: ['network'],
  headlines: ['cart: retries 2 → 0'],
  flags: ['limits-loosened'],
  changes: ['update google_dns_policy.*'],
};
const newWorld = () =>
  new CloudState(
    { projectId: 'shop-test', projectNumber: '1', region: 'europe-west1', services: [], accounts: [] },
    NO_DELAYS,
  );

describe('a review and what a scenario expects', () => {
  const seen = review(['update', 'google_dns_policy.dns'], ['none', 'google_dns_policy.other']);
  test('agree', () => expect(differencesFrom(EXPECTED, seen)).toEqual([]));
  test.each<[string, PlanReview, string[]]>([
    ['another headline', { ...seen, headlines: [] }, ['missing headline: cart: retries 2 → 0']],
    [
      'an additional flag',
      {
        ...seen,
        flags: [...seen.flags, { id: 'iam-granted', findings: [{ message: 'a role', location: 'a.b' }] }],
      },
      ['unexpected flag: iam-granted', 'iam-granted: a.b: a role'],
    ],
    [
      'an additional change',
      review(['update', 'google_dns_policy.dns'], ['delete', 'google_dns_policy.dns']),
      ['unexpected change: delete google_dns_policy.dns'],
    ],
    ['no change', review(), ['missing change: update google_dns_policy.*']],
    [
      'another action',
      review(['replace', 'google_dns_policy.dns']),
      ['missing change: update google_dns_policy.*', 'unexpected change: replace google_dns_policy.dns'],
    ],
  ])('differ by %s', (_name, other, differences) =>
    expect(differencesFrom(EXPECTED, other)).toEqual(differences),
  );
});

describe('the outcome of an apply and its review', () => {
  const before = (world: CloudState) => {
    world.put('dns', 'projects/shop-test/policies/dns', { enableLogging: false });
    return snapshotOf([[STACK, new Map([['google_dns_policy.dns', { name: 'dns', log: false }]])]], world);
  };
  const after = (world: CloudState) => {
    world.put('dns', 'projects/shop-test/policies/dns', { enableLogging: true });
    return snapshotOf([[STACK, new Map([['google_dns_policy.dns', { name: 'dns', log: true }]])]], world);
  };
  test('agree', () => {
    const world = newWorld();
    const first = before(world);
    expect(() =>
      assertAsReviewed(review(['update', 'google_dns_policy.dns']), first, after(world)),
    ).not.toThrow();
  });
  test('differ if more or less changed than was reviewed', () => {
    const world = newWorld();
    const first = before(world);
    const last = after(world);
    expect(() => assertAsReviewed(review(['create', 'google_dns_policy.other']), first, last)).toThrow(
      [
        'not reviewed: update test-network google_dns_policy.dns',
        'reviewed, but unchanged: create test-network google_dns_policy.other',
        'in the project, but not reviewed: dns/projects/shop-test/policies/dns',
      ].join('\n'),
    );
  });
  test('differ if the project changed and the state did not', () => {
    const world = newWorld();
    const first = before(world);
    world.put('dns', 'projects/shop-test/managedZones/zone', { name: 'zone' });
    const last = snapshotOf([[STACK, stateOf(first)]], world);
    expect(() => assertAsReviewed(review(), first, last)).toThrow(
      'in the project, but not reviewed: dns/projects/shop-test/managedZones/zone',
    );
  });
});

function stateOf({ managed }: ReturnType<typeof snapshotOf>) {
  return new Map([...managed].map(([key, value]) => [key.slice(STACK.length + 1), value]));
}

test('a project survives being saved as JSON', () => {
  const world = newWorld();
  world.put('dns', 'projects/shop-test/policies/dns', { enableLogging: true });
  world.enable('dns.googleapis.com');
  world.reserved.add('sqladmin/one');
  const saved = JSON.parse(JSON.stringify(world.save())) as ReturnType<CloudState['save']>;
  const restored = newWorld();
  restored.put('dns', 'projects/shop-test/policies/later', {});
  restored.restore(saved);
  expect(restored.save()).toEqual(world.save());
  expect(restored.number()).toBe(world.number());
});

test('a rotated key has a new primary version and keeps the old one', () => {
  const world = newWorld();
  const key = 'projects/shop-test/locations/europe-west1/keyRings/mesh/cryptoKeys/database';
  world.put('cloudkms', key, {
    purpose: 'ENCRYPT_DECRYPT',
    rotationPeriod: '7776000s',
    primary: { name: `${key}/cryptoKeyVersions/1` },
  });
  world.put('cloudkms', `${key}/cryptoKeyVersions/1`, { state: 'ENABLED' });
  rotateKeys(world);
  expect(world.get('cloudkms', key)?.['primary']).toEqual({ name: `${key}/cryptoKeyVersions/2` });
  expect(world.children('cloudkms', `${key}/cryptoKeyVersions`)).toHaveLength(2);
});

describe('the edited shop is valid:', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edited-shop-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const { environments } = loadCatalogue(shopCatalogue(), TODAY);
  const edits = environments.flatMap((environment) =>
    scenariosOf(environment).flatMap((scenario) =>
      'change' in scenario ? [[environment.name, scenario.name, scenario] as const] : [],
    ),
  );
  test.each(edits)('%s, %s', (environment, name, { change }) => {
    const config = join(folder, environment, name);
    writeEditedCatalogue(shopCatalogue(), config, change);
    expect(loadCatalogue(config, TODAY).environments.map((edited) => edited.name)).toContain(environment);
  });
  test.each(COMBINATIONS.map((combination) => [nameOf(combination), combination] as const))(
    '%s',
    (name, combination) => {
      const config = join(folder, name);
      writeSwitched(shopCatalogue(), config, 'dev', switchesOf(combination));
      expect(loadCatalogue(config, TODAY).environments).toHaveLength(2);
    },
  );
});

describe('combinations of switches', () => {
  const names = Object.keys(FACTORS) as Factor[];
  const pairs = names.flatMap((one, index) =>
    names
      .slice(index + 1)
      .flatMap((other) =>
        Object.keys(FACTORS[one]).flatMap((a) =>
          Object.keys(FACTORS[other]).map((b) => ({ one, a, other, b })),
        ),
      ),
  );
  test.each(pairs)('$one $a with $other $b', ({ one, a, other, b }) =>
    expect(COMBINATIONS.some((row) => row[one] === a && row[other] === b)).toBe(true),
  );
  test('have different names', () =>
    expect(new Set(COMBINATIONS.map(nameOf)).size).toBe(COMBINATIONS.length));
});
