import validation from '@kubernetes-models/validate';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { ObjectSchema } from '../../constructs/schema-check';
import { SchemaCheck } from '../../constructs/schema-check';
import { environmentNamed } from '../support/catalogues';
import { objectsOf, synthEnvironment, type KubernetesJson } from '../support/synth';

const GROUP = /^(networking|security|telemetry)\.istio\.io\//;

const objects = ['dev', 'prod'].flatMap((environment) =>
  [...synthEnvironment(environmentNamed(environment)).values()]
    .flatMap((stack) => [...objectsOf(stack).values()])
    .filter(({ apiVersion }) => GROUP.test(apiVersion)),
);

const schemas = new Map<string, ObjectSchema>();
const check = new SchemaCheck();
const compiling = addFormats(new Ajv({ strictTypes: false }));

/** The models register their schemas when an object is validated. */
function collectSchemas(): void {
  const { register } = validation;
  validation.register = (id, schema) => schemas.set(id, schema as ObjectSchema);
  for (const { apiVersion, kind } of objects) {
    type Model = new (data: object) => { validate(): void };
    const models = jest.requireActual<Record<string, Model>>(
      `@kubernetes-models/istio/${apiVersion}/${kind}`,
    );
    try {
      new models[kind]!({ metadata: { name: 'any' } }).validate();
    } catch {
      // Nothing is registered yet.
    }
  }
  validation.register = register;
  for (const [id, schema] of schemas) {
    check.register(id, schema);
    compiling.addSchema(schema, id);
  }
}
collectSchemas();

function idOf({ apiVersion, kind }: KubernetesJson): string {
  return `${apiVersion.replace('/', '.')}.${kind}`;
}

function acceptedByBoth(id: string, value: unknown): [ours: boolean, theirs: boolean] {
  return [check.errorsOf(id, value).length === 0, compiling.validate(id, value)];
}

test('nine kinds are checked', () => {
  expect(new Set(objects.map(idOf)).size).toBe(9);
});

test('every object of the shop is valid', () => {
  for (const object of objects) expect([object, check.errorsOf(idOf(object), object)]).toEqual([object, []]);
});

/** Values of another type, and the beginnings of fields that exclude each other. */
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  2 ** 31,
  2 ** 63,
  '',
  'MUTUAL',
  '300s',
  [],
  [1],
  ['*'],
  [null],
  {},
  { exact: 'a' },
  { exact: 'a', prefix: 'b' },
  { exact: 1 },
  { regex: '.*', exact: 'a' },
  { number: 443 },
  { simple: 'ROUND_ROBIN', consistentHash: { useSourceIp: true } },
  { consistentHash: { useSourceIp: true, httpHeaderName: 'x' } },
  { httpStatus: 500, grpcStatus: 'UNAVAILABLE', percentage: { value: 1 } },
];

/** Every map and list of the object, with the objects that contain them. */
function placesIn(value: unknown): (Record<string, unknown> | unknown[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(placesIn)];
}

const FIELDS = [
  ...new Set(objects.flatMap(placesIn).flatMap((place) => (Array.isArray(place) ? [] : Object.keys(place)))),
];

/** Names of fields of which an object has at most one, such as `exact`, `prefix` and `regex`. */
function exclusiveFields(schema: ObjectSchema): string[][] {
  const { properties = {}, items, additionalProperties, oneOf = [], allOf = [] } = schema;
  const own = oneOf.flatMap(({ required = [] }) => required);
  const inner = [...Object.values(properties), items, additionalProperties, ...allOf];
  return [
    ...(own.length > 1 ? [own] : []),
    ...inner.flatMap((part) => (part === undefined ? [] : exclusiveFields(part))),
  ];
}

const EXCLUSIVE = [
  ...new Map([...schemas.values()].flatMap(exclusiveFields).map((names) => [names.join(), names])).values(),
];

/** Gives one of the fields a second, exclusive name. */
function double(places: readonly (Record<string, unknown> | unknown[])[], choice: number): boolean {
  const candidates = places.flatMap((place) =>
    EXCLUSIVE.flatMap((names) => {
      const present = names.find((name) => Object.hasOwn(place, name));
      const other = names.find((name) => !Object.hasOwn(place, name));
      return Array.isArray(place) || present === undefined || other === undefined
        ? []
        : [() => Object.assign(place, { [other]: place[present] })];
    }),
  );
  candidates[choice % candidates.length]?.();
  return candidates.length > 0;
}

function mutated(object: KubernetesJson, [where, what, how]: readonly [number, number, number]): unknown {
  const copy = structuredClone(object);
  const places = placesIn(copy);
  const place = places[where % places.length]!;
  const keys = Object.keys(place);
  const key = keys[what % Math.max(keys.length, 1)] ?? '0';
  const field = FIELDS[what % FIELDS.length]!;
  const value = VALUES[how % VALUES.length];
  if (how % 5 === 2 && double(places, what)) return copy;
  if (how % 5 === 0) delete (place as Record<string, unknown>)[key];
  else if (how % 5 === 1 && !Array.isArray(place)) place[field] = value;
  else Object.assign(place, { [key]: value });
  return copy;
}

test('10,000 mutated objects are accepted and refused as by the compiling validator', () => {
  const choices = fc.sample(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()), { numRuns: 10_000, seed: 7 });
  let refused = 0;
  for (const [index, ...mutation] of choices) {
    const object = objects[index % objects.length]!;
    const value = mutated(object, mutation);
    const [ours, theirs] = acceptedByBoth(idOf(object), value);
    if (ours !== theirs) throw new Error(`ours ${ours}, theirs ${theirs}: ${JSON.stringify(value)}`);
    if (!theirs) refused++;
  }
  expect(refused).toBeGreaterThan(2_000);
  expect(refused).toBeLessThan(8_000);
});

test.each<[string, ObjectSchema, unknown, string[]]>([
  ['a wrong type', { type: 'string' }, 1, ['object must be string']],
  ['a missing field', { required: ['host'] }, {}, ["object must have 'host'"]],
  ['an enum', { properties: { mode: { enum: ['A', 'B'] } } }, { mode: 'C' }, ['mode must be one of A, B']],
  ['an item', { items: { type: 'integer' } }, [1, 1.5], ['[1] must be integer']],
  ['a number beyond its format', { format: 'int32' }, 2 ** 31, ['object must be int32']],
  ['a null', { type: 'string', nullable: true }, null, []],
])('%s', (_title, schema, value, errors) => {
  const one = new SchemaCheck();
  one.register('one', schema);
  expect(one.errorsOf('one', value)).toEqual(errors);
});

test('a schema with a keyword that is not checked is refused', () => {
  const schema = { properties: { name: { pattern: '^a$' } } } as ObjectSchema;
  expect(() => new SchemaCheck().register('one', schema)).toThrow(
    "schema 'one' uses 'pattern', which cannot be checked",
  );
});
