import { generateMutants } from '../../verification/mutation/generated/generate';
import { applyMutant, OPERATORS, pathText, withValue } from '../../verification/mutation/generated/mutant';
import { stratified } from '../../verification/mutation/generated/sample';
import { figuresOf, shortfallsOf } from '../../verification/mutation/generated/score';
import { everyObject } from '../support/audits/judges';
import { environmentNamed } from '../support/catalogues';

const objects = everyObject(environmentNamed('prod'));
const mutants = generateMutants(objects);

const named = (id: string) => {
  const found = mutants.find((mutant) => mutant.id === id);
  if (found === undefined) throw new Error(`there is no mutant '${id}'`);
  return found;
};

test('every kind of object is mutated by every operator that fits it', () => {
  const kinds = new Set(objects.map(({ kind }) => kind));
  expect(new Set(mutants.map(({ original }) => original.kind))).toEqual(kinds);
  expect(new Set(mutants.map(({ operator }) => operator))).toEqual(new Set(OPERATORS));
  expect(mutants.length).toBeGreaterThan(5_000);
});

test('every field of an object is removed once', () => {
  const [object] = objects.filter(({ kind, metadata }) => kind === 'Sidecar' && metadata.name === 'cart-v1');
  const removed = mutants
    .filter(({ original, operator }) => original === object && operator === 'removed')
    .map(({ id }) => id.replace(/^Sidecar \S+ (.*) removed$/, '$1'));
  expect(removed.sort()).toEqual([
    'spec',
    'spec.egress',
    'spec.egress[0]',
    'spec.egress[0].hosts',
    'spec.egress[0].hosts[0]',
    'spec.outboundTrafficPolicy',
    'spec.outboundTrafficPolicy.mode',
    'spec.workloadSelector',
    'spec.workloadSelector.labels',
    'spec.workloadSelector.labels.app',
    'spec.workloadSelector.labels.version',
  ]);
});

test('ids are unique, and each mutant differs from its object', () => {
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  for (const { original, changed } of mutants)
    expect(JSON.stringify(changed) === JSON.stringify(original)).toBe(false);
});

test('a host points at another host of the mesh, and a list is widened', () => {
  const [first] = mutants.filter(({ id }) =>
    /^VirtualService purchasing\/cart .*destination\.host → .* redirected$/.test(id),
  );
  expect(first?.id).toMatch(/\.svc\.cluster\.local" redirected$/);
  expect(
    named('AuthorizationPolicy purchasing/cart spec.rules[1].to[0].operation.methods → + "*" widened'),
  ).toBeDefined();
});

test('applying a mutant changes, drops or adds one object', () => {
  const dropped = named('PeerAuthentication istio-system/default dropped');
  const copied = named('PeerAuthentication istio-system/default as default-copy duplicated');
  const loosened = named('PeerAuthentication istio-system/default spec.mtls.mode → "PERMISSIVE" loosened');
  expect(applyMutant(objects, dropped)).toHaveLength(objects.length - 1);
  expect(applyMutant(objects, copied)).toHaveLength(objects.length + 1);
  const changed = applyMutant(objects, loosened).filter((object) => !objects.includes(object));
  expect(changed).toEqual([expect.objectContaining({ spec: { mtls: { mode: 'PERMISSIVE' } } })]);
});

test('a value is replaced without a change of the original', () => {
  const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, list: [{ a: 1 }, { a: 2 }] };
  expect(withValue(object, ['list', 1, 'a'], 3)['list']).toEqual([{ a: 1 }, { a: 3 }]);
  expect(withValue(object, ['list', 0], undefined)['list']).toEqual([{ a: 2 }]);
  expect(object.list).toEqual([{ a: 1 }, { a: 2 }]);
  expect(pathText(['metadata', 'labels', 'a/b', 'list', 0])).toBe("metadata.labels['a/b'].list[0]");
});

test('a sample depends on its seed only, and takes every kind and operator in turn', () => {
  const ids = (seed: number) => stratified(mutants, seed).map(({ id }) => id);
  expect(ids(1)).toEqual(ids(1));
  expect(ids(1)).not.toEqual(ids(2));
  const first = stratified(mutants, 1).slice(0, 150);
  expect(new Set(first.map(({ kind, operator }) => `${kind}/${operator}`)).size).toBe(150);
});

test('a survivor without a reason, and too many survivors, are violations', () => {
  const facts = { environment: 'prod', seed: 1, possible: 9, refused: 0, unchanged: 0, minutes: 1 };
  const sample = [
    named('PeerAuthentication istio-system/default spec.mtls.mode → "PERMISSIVE" loosened'),
    named('AuthorizationPolicy purchasing/cart spec.action removed'),
  ];
  const figures = figuresOf(facts, sample, () => null);
  expect(figures.byKind).toEqual({
    AuthorizationPolicy: { killed: 0, total: 1 },
    PeerAuthentication: { killed: 0, total: 1 },
  });
  expect(shortfallsOf(figures)).toEqual([
    'only 0.0 % of the mutants are killed, not 97 %',
    expect.stringMatching(/^no test notices 'PeerAuthentication .*survivors\.ts$/),
  ]);
  expect(shortfallsOf(figuresOf(facts, sample, () => 'judge/tokens'))).toEqual([]);
});
