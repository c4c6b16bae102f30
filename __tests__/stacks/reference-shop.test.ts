/** The reference shop is what the customer has drawn. */
import { environmentNamed, shop } from '../support/catalogues';
import { allowedEdges } from '../support/allowed-edges';
import { objectsOfKind, synthEnvironment } from '../support/synth';

/** The drawn call graph, as `callee ← identity of the caller`. Nothing else may be allowed. */
const DRAWN_EDGES = [
  'cart ← checkout-v1',
  'cart ← checkout-v2',
  'cart ← ingress-gateway',
  'checkout ← ingress-gateway',
  'frontend ← ingress-gateway',
  'order-management ← checkout-v1',
  'payment ← checkout-v1',
  'payment ← checkout-v2',
  // The payment provider's webhook.
  'payment ← ingress-gateway',
  'payment-gateway ← checkout-v1',
  'payment-gateway ← checkout-v2',
  'payment-gateway ← payment-v1',
  'product-catalog ← ingress-gateway',
  'recommendation ← product-catalog-v1',
  'user-profile ← ingress-gateway',
];

test.each(shop.environments)('in $name exactly the drawn edges are allowed', (environment) => {
  const mesh = synthEnvironment(environment).get(`${environment.name}-mesh-policies`);

  expect(allowedEdges(environment, objectsOfKind(mesh, 'AuthorizationPolicy'))).toEqual(DRAWN_EDGES.sort());
});

test('production runs signed images and images from Google only', () => {
  const stack = synthEnvironment(environmentNamed('prod')).get('prod-cluster-and-asm');
  const [policy] = Object.values(stack?.resource?.['google_binary_authorization_policy'] ?? {});

  expect(policy.global_policy_evaluation_mode).toBe('ENABLE');
  expect(policy.default_admission_rule.evaluation_mode).toBe('REQUIRE_ATTESTATION');
  expect(policy.admission_whitelist_patterns.map(({ name_pattern: pattern }: any) => pattern)).toEqual([
    'gcr.io/gke-release/asm/*',
    'gke.gcr.io/**',
    'europe-west1-docker.pkg.dev/shop-prod-example/quay/kiali/kiali*',
  ]);
});
