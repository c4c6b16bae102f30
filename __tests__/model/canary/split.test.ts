import { canaryVersion } from '../../../model/canary/weight-cap';
import {
  canaryNamespaces,
  ACKNOWLEDGED_ANNOTATION,
  SPLIT_ANNOTATIONS,
  splitLabelOf,
  splitMetadata,
  weightExpression,
  weightReferences,
  withCommittedWeights,
} from '../../../model/canary/split';
import { synthesizedChanges } from '../../../model/review/synthesized';
import { manifestsOf } from '../../../tools/commands/manifests';
import { environmentNamed } from '../../support/catalogues';
import { synthEnvironment, type KubernetesJson, type StackJson } from '../../support/synth';

const prod = environmentNamed('prod');
const checkout = prod.services.find(({ name }) => name === 'checkout')!;
const canary = canaryVersion(checkout)!;
const cart = prod.services.find(({ name }) => name === 'cart')!;
const acknowledging = { acknowledgedIncidents: ['0.b', '0.a'] };
const none = { acknowledgedIncidents: [] };

test('a plan takes the committed weight, or the lowest weight cap of this release', () => {
  const expression = weightExpression(canary, none, 'w_committed', 'data.x.y.objects');
  expect(expression).toBe(
    '${min(local.w_committed, [for c in data.x.y.objects : tonumber(c.data.maximumWeightPercent) if c.data.host == "checkout-v2.purchasing.svc.cluster.local" && c.data.release == "sha256:5b2b87617a7310c864f34471f46dc2c313f7ef771a70a29d41515e7725b24965"]...)}',
  );
  expect(weightExpression(canary, acknowledging, 'w_committed', 'o')).toContain(
    '!contains(["0.a", "0.b"], c.data.incident)',
  );
});

test('references to weights become the committed numbers, other references stay', () => {
  const { canary, stable } = weightReferences('w');
  const route = {
    spec: { http: [{ route: [{ weight: stable }, { weight: canary }] }] },
    more: ['${local.other}', '${local.text}'],
  };
  expect(withCommittedWeights(route, { w_committed: 10, other: 1, text_committed: '20' })).toEqual({
    spec: { http: [{ route: [{ weight: 90 }, { weight: 10 }] }] },
    more: ['${local.other}', '${local.text}'],
  });
  expect(withCommittedWeights(route)).toBe(route);
});

describe('readers of the synthesized JSON', () => {
  const [id, json] = [...synthEnvironment(prod)].find(([, { locals }]) => locals !== undefined)!;
  const local = 'checkout_canary_weight';

  test('find both local values', () => {
    expect(Object.keys(json.locals!).sort()).toEqual([local, `${local}_committed`]);
    expect(json.locals![`${local}_committed`]).toBe(canary.weightPercent);
    expect(json.locals![local]).toMatch(/^\$\{min\(local\.checkout_canary_weight_committed, /);
  });

  test('depend on the committed weight, not on the text of the expression', () => {
    const other = { ...json, locals: { ...json.locals, [local]: '${another(expression)}' } };
    expect(weightsIn(id, other)).toEqual(weightsIn(id, json));
    expect(weightsIn(id, other)).toEqual([
      [90, 10],
      [90, 10],
      [90, 10],
    ]);
    expect(synthesizedChanges(id, json, other).filter(({ action }) => action !== 'none')).toEqual([]);
  });

  test('see a change of the committed weight', () => {
    const other = { ...json, locals: { ...json.locals, [`${local}_committed`]: 25 } };
    expect(weightsIn(id, other)).toEqual([
      [75, 25],
      [75, 25],
      [75, 25],
    ]);
    const changed = synthesizedChanges(id, json, other).filter(({ action }) => action !== 'none');
    expect(changed.map(({ address }) => address)).toEqual([
      'kubernetes_manifest.checkout_virtual_service',
      'kubernetes_manifest.public_api',
    ]);
  });
});

function weightsIn(id: string, json: StackJson): number[][] {
  return manifestsOf([{ id, json }])
    .map(({ manifest }) => manifest as KubernetesJson)
    .filter(
      ({ kind, metadata }) =>
        kind === 'VirtualService' && metadata.labels?.[splitLabelOf('checkout')] === 'true',
    )
    .flatMap(({ spec }) => spec.http.map(({ route }: any) => route.map(({ weight }: any) => weight)))
    .filter((weights) => weights.length > 1);
}

test('a route names its release and the acknowledged incidents only while a canary runs', () => {
  expect(splitMetadata([cart], acknowledging)).toEqual({});
  const started = {
    ...checkout,
    canaryRelease: { ...checkout.canaryRelease, startedAtSeconds: 1_768_478_400 },
  };
  expect(splitMetadata([started], acknowledging).annotations).toMatchObject({
    [`${SPLIT_ANNOTATIONS.host}checkout`]: 'checkout-v2.purchasing.svc.cluster.local',
    [ACKNOWLEDGED_ANNOTATION]: '0.a 0.b',
    [`${SPLIT_ANNOTATIONS.startedSeconds}checkout`]: '1768478400',
  });
  expect(splitMetadata([checkout], none).annotations).not.toHaveProperty(ACKNOWLEDGED_ANNOTATION);
});

test('the rollback controller works in namespaces with a service that may have a canary', () => {
  expect(canaryNamespaces(prod)).toEqual(['ingress-gateway', 'purchasing']);
});
