import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareFacts, isWeakened, type SettingChange } from '../../model/review/fact-change';
import {
  GENERIC_TYPES,
  isDescribed,
  readFacts,
  WATCHED_OBJECTS,
  WATCHED_RESOURCES,
} from '../../model/review/facts';
import { stepsOf, type WatchedField, type WatchedType } from '../../model/review/facts/watched';
import { isObject, type JsonObject } from '../../model/review/json';
import type { ResourceState } from '../../model/review/resource-change';
import { synthesizedChanges } from '../../model/review/synthesized';
import { aCatalogue, edited } from '../support/catalogue-fixture';
import { FIXTURE_ENVIRONMENTS } from '../support/catalogues';
import { synthEnvironment } from '../support/synth';

/** Everything that the fixtures render, with settings that none of them has. */
const RENDERED: readonly ResourceState[] = [
  ...FIXTURE_ENVIRONMENTS.map(([, environment]) => environment),
  ...aCatalogue(
    edited(
      'environments/test.yaml',
      'database: { cpuCount: 2 }',
      `database: { cpuCount: 2, connectivity: private-services-access }
rollbackController: { startsPipeline: true }
kiali: { enabled: true }`,
      edited(
        'environments/test.yaml',
        'databaseEndpointIp: 10.0.15.10',
        'databaseEndpointIp: 10.0.15.10\n  databasePeeringCidr: 10.8.0.0/24',
        edited('mesh.yaml', 'name: shop', 'name: shop\nrepository: shop/mesh'),
      ),
    ),
  ).environments,
].flatMap((environment) =>
  [...synthEnvironment(environment)].flatMap(([id, stack]) =>
    synthesizedChanges(id, undefined, stack).flatMap(({ address, type, after }) =>
      after === undefined ? [] : [{ address, type, values: after }],
    ),
  ),
);

const PROVIDER = /@cdktf\/provider-google\/lib\/([a-z0-9-]+)'/g;

/** Terraform types of every resource class that constructs import, whatever switch renders it. */
function importedTypes(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(PROVIDER)])
    .map(([, name = '']) => name)
    .filter((name) => name !== 'provider' && !name.startsWith('data-'))
    .map((name) => `google_${name.replaceAll('-', '_')}`);
}

describe('every type of resource', () => {
  test('that the fixtures render has words for its changes, or is generic on purpose', () => {
    const undescribed = RENDERED.filter(
      (resource) => !isDescribed(resource) && !(resource.type in GENERIC_TYPES),
    ).map(({ type, values }) => {
      const manifest = values['manifest'] as JsonObject | undefined;
      return manifest === undefined ? type : `${String(manifest['apiVersion'])} ${String(manifest['kind'])}`;
    });

    expect([...new Set(undescribed)]).toEqual([]);
  });

  test('that a construct imports does too', () => {
    const types = [...new Set(['constructs', 'stacks'].flatMap(importedTypes))];
    const undescribed = types.filter(
      (type) => !isDescribed({ address: '', type, values: {} }) && !(type in GENERIC_TYPES),
    );

    expect(types.length).toBeGreaterThan(40);
    expect(undescribed).toEqual([]);
  });

  test('that is generic has no words', () => {
    expect(
      Object.keys(GENERIC_TYPES).filter((type) => isDescribed({ address: '', type, values: {} })),
    ).toEqual([]);
  });
});

interface WatchedCase {
  readonly name: string;
  readonly field: WatchedField;
  readonly resources: readonly ResourceState[];
}

const CASES: readonly WatchedCase[] = [
  ...Object.values(WATCHED_RESOURCES).flatMap((types) =>
    Object.entries(types).flatMap(([type, watched]) =>
      casesOf(type, watched, (resource) => resource.type === type),
    ),
  ),
  ...Object.entries(WATCHED_OBJECTS).flatMap(([kind, watched]) =>
    casesOf(kind, watched, ({ values }) => kindOf(values['manifest']) === kind),
  ),
];

function casesOf(
  type: string,
  { fields }: WatchedType,
  isOfType: (resource: ResourceState) => boolean,
): WatchedCase[] {
  const resources = RENDERED.filter(isOfType);
  return fields.map((field) => ({
    name: `${type} ${stepsOf(field.path).join('.')}`,
    field,
    resources,
  }));
}

function kindOf(manifest: unknown): string {
  if (!isObject(manifest)) return '';
  const [group, version] = String(manifest['apiVersion']).split('/');
  return `${version === undefined ? '' : group}/${String(manifest['kind'])}`;
}

/** The resource without the value at the path, or with it; `undefined` if there is nowhere to put it. */
function withValue(
  resource: ResourceState,
  path: readonly string[],
  value: unknown,
): ResourceState | undefined {
  const copy = structuredClone(resource) as { values: Record<string, unknown> };
  let here: unknown = isObject(copy.values['manifest']) ? copy.values['manifest'] : copy.values;
  for (const step of path.slice(0, -1)) {
    const parent = here as Record<string, unknown>;
    if (parent[step] === undefined && value !== undefined) parent[step] = {};
    here = Array.isArray(parent[step]) ? (parent[step] as unknown[])[0] : parent[step];
    if (here === undefined || here === null) return undefined;
  }
  const parent = here as Record<string, unknown>;
  if (value === undefined) delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = value;
  return copy as unknown as ResourceState;
}

function changesBetween(before: ResourceState, after: ResourceState): SettingChange[] {
  return compareFacts(readFacts(before), readFacts(after)).filter(
    (change): change is SettingChange => change.kind === 'setting',
  );
}

describe('every watched field', () => {
  test.each(CASES)('$name is rendered, or can be set', ({ field, resources }) => {
    const [resource] = resources;
    expect(resource).toBeDefined();
    expect(withValue(resource!, stepsOf(field.path), 'x')).toBeDefined();
  });

  test.each(CASES)('$name: a changed value makes words', ({ field, resources }) => {
    const labels = resources.slice(0, 1).flatMap((resource) => {
      const one = withValue(resource, stepsOf(field.path), valueOf(field, 1));
      const other = withValue(resource, stepsOf(field.path), valueOf(field, 0));
      return changesBetween(one!, other!).map(({ before, after }) => (after ?? before)?.label);
    });

    expect(labels).toEqual([expect.stringContaining(field.label)]);
  });

  test.each(CASES.filter(({ field }) => field.order !== undefined || field.weaker !== undefined))(
    '$name: the weaker value counts as weaker, and only that one',
    ({ field, resources }) => {
      const strong = withValue(resources[0]!, stepsOf(field.path), valueOf(field, 1))!;
      const weak = withValue(resources[0]!, stepsOf(field.path), valueOf(field, 0))!;

      expect(changesBetween(strong, weak).map(isWeakened)).toEqual([true]);
      expect(changesBetween(weak, strong).map(isWeakened)).toEqual([false]);
    },
  );
});

/** @param strength 0 for the weaker of two values */
function valueOf({ order, weaker }: WatchedField, strength: 0 | 1): unknown {
  if (order !== undefined) {
    const known = order.filter((value) => value !== 'none');
    return strength === 0 ? known[0] : known.at(-1);
  }
  switch (weaker) {
    case 'higher':
      return strength === 0 ? 9 : 3;
    case 'lower':
      return strength === 0 ? 3 : 9;
    case 'more':
      return strength === 0 ? ['a', 'b'] : ['a'];
    case 'fewer':
      return strength === 0 ? ['a'] : ['a', 'b'];
    case undefined:
      return strength === 0 ? 'one' : 'other';
  }
}
