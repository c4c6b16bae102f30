import fc from 'fast-check';
import { GATE } from '../../model/gate';
import { CHECKLIST } from '../../model/rules/checklist';
import { RULES } from '../../model/rules';
import { judgeObjects } from '../../verification/judges/judges';
import type { KubernetesManifest } from '../../verification/kubernetes/kubernetes-object';
import { aCatalogue } from '../support/catalogue-fixture';
import { INVARIANTS } from '../support/audits/invariants';
import type { SynthesizedShop } from '../support/invariants/invariant';
import { shops } from '../support/shops';
import { objectsOf, synthEnvironment } from '../support/synth';

/** Fixed, so that a failure can be reproduced. */
const SEED = 20_260_131;
const SHOPS = 5;

const synthesized = fc.sample(shops, { seed: SEED, numRuns: SHOPS }).map((shop): SynthesizedShop => {
  const [environment] = aCatalogue(shop).environments;
  if (environment === undefined) throw new Error('no environment');
  const stacks = [...synthEnvironment(environment).values()];
  return { environment, objects: stacks.flatMap((stack) => [...objectsOf(stack).values()]) };
});

const impossible = CHECKLIST.filter((entry) => entry.impossible !== undefined).map(({ key }) => key);

describe('the mistake is impossible', () => {
  // The gate has tests of its own.
  test.each(impossible.filter((key) => key !== 'managed-control-plane'))('%s', (key) => {
    const invariant = INVARIANTS[key];
    expect(invariant).toBeDefined();
    expect(synthesized.map((shop) => invariant?.(shop))).toEqual(synthesized.map(() => []));
  });
});

test('the judges find nothing', () => {
  const findings = synthesized.flatMap(({ environment, objects }) =>
    judgeObjects({ environment, objects: objects as unknown as readonly KubernetesManifest[] }),
  );
  expect(findings).toEqual([]);
});

test('every question is covered by existing rules, by a tested invariant, or by both', () => {
  const known = [...RULES, ...GATE].map(({ id }) => id);
  for (const { key, rules, impossible: reason } of CHECKLIST) {
    expect([key, rules.filter((id) => !known.includes(id))]).toEqual([key, []]);
    expect([key, rules.length > 0 || reason !== undefined]).toEqual([key, true]);
  }
  expect(new Set(CHECKLIST.map(({ key }) => key)).size).toBe(CHECKLIST.length);
  expect(Object.keys(INVARIANTS).filter((key) => !impossible.includes(key))).toEqual([]);
});

test('the random catalogues contain the objects that the invariants check', () => {
  const kinds = new Set(synthesized.flatMap(({ objects }) => objects.map(({ kind }) => kind)));
  expect([...kinds]).toEqual(
    expect.arrayContaining([
      'VirtualService',
      'DestinationRule',
      'ServiceEntry',
      'RequestAuthentication',
      'Sidecar',
    ]),
  );
  const services = synthesized.flatMap(({ environment }) => environment.services);
  expect(services.some(({ versions }) => versions.length === 2)).toBe(true);
  expect(services.some(({ retries }) => retries.attempts > 0 && retries.on.includes('5xx'))).toBe(true);
  expect(services.some(({ streams }) => streams.some(({ webSocket }) => webSocket))).toBe(true);
  expect(services.some(({ streams }) => streams.some(({ webSocket }) => !webSocket))).toBe(true);
  expect(synthesized.some(({ environment }) => environment.externals.length > 0)).toBe(true);
});
