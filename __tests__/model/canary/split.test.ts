import {
  canaryNamespaces,
  SPLIT_ANNOTATIONS,
  splitMetadata,
  weightExpression,
  weightReferences,
  withCommittedWeights,
} from '../../../model/canary/split';
import { environmentNamed } from '../../support/synth';

const prod = environmentNamed('prod');
const checkout = prod.services.find(({ name }) => name === 'checkout')!;
const cart = prod.services.find(({ name }) => name === 'cart')!;
const acknowledging = { acknowledgedIncidents: ['0.b', '0.a'] };
const none = { acknowledgedIncidents: [] };

test('a plan takes the least of what is committed and what ceilings of this release allow', () => {
  const expression = weightExpression(checkout, none, 'data.x.y.objects');
  expect(expression).toBe(
    '${min(10, [for c in data.x.y.objects : tonumber(c.data.maximumWeightPercent) if c.data.host == "checkout-v2.purchasing.svc.cluster.local" && c.data.release == "sha256:5b2b87617a7310c864f34471f46dc2c313f7ef771a70a29d41515e7725b24965"]...)}',
  );
  expect(weightExpression(checkout, acknowledging, 'o')).toContain(
    '!contains(["0.a", "0.b"], c.data.incident)',
  );
  expect(weightExpression(cart, none, 'o')).toBeUndefined();
});

test('whoever reads the JSON without Terraform gets the committed weights', () => {
  const locals = { checkout_canary_weight: weightExpression(checkout, acknowledging, 'o') };
  const { canary, stable } = weightReferences('checkout_canary_weight');
  const route = {
    spec: { http: [{ route: [{ weight: stable }, { weight: canary }] }] },
    more: '${local.other}',
  };
  expect(withCommittedWeights(route, locals)).toEqual({
    spec: { http: [{ route: [{ weight: 90 }, { weight: 10 }] }] },
    more: '${local.other}',
  });
});

test('a route tells its release, and which incidents are acknowledged, only while a canary runs', () => {
  expect(splitMetadata(cart, acknowledging)).toEqual({});
  const started = {
    ...checkout,
    canaryRelease: { ...checkout.canaryRelease, startedAtSeconds: 1_768_478_400 },
  };
  expect(splitMetadata(started, acknowledging).annotations).toMatchObject({
    [SPLIT_ANNOTATIONS.host]: 'checkout-v2.purchasing.svc.cluster.local',
    [SPLIT_ANNOTATIONS.acknowledged]: '0.a 0.b',
    [SPLIT_ANNOTATIONS.startedSeconds]: '1768478400',
  });
  expect(splitMetadata(checkout, none).annotations).not.toHaveProperty(SPLIT_ANNOTATIONS.acknowledged);
});

test('the guard looks where a service may have a canary, and nowhere else', () => {
  expect(canaryNamespaces(prod)).toEqual(['purchasing']);
});
