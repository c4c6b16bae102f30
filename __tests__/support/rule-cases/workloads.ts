import { edited } from '../catalogue-fixture';
import { CART, RELEASE, STOCK, TEST, type Changes, type RuleCase } from './rule-case';

const DIGEST = `europe-west1-docker.pkg.dev/shop-test/shop/app@sha256:${'0'.repeat(64)}`;

/** The fixture as a valid production environment. */
export const PRODUCTION: Changes = {
  ...edited(
    TEST,
    'images: { requireDigest: false, sample: registry.example/sample/app:v1 }',
    'images: { attestation: required }\nlogs: { locked: false }',
    edited(
      TEST,
      'zones: [b]',
      `zones: [b, c, d]
production: true
ingress: { minReplicas: 3 }
egress: { minReplicas: 3 }
services: { cart: { autoscaling: { minReplicas: 3 } } }`,
    ),
  ),
  [RELEASE]: `services:
  cart: { images: { v1: ${DIGEST} } }
  web: { images: { v1: ${DIGEST} } }
  stock: { images: { v1: ${DIGEST} } }
`,
};

const inProduction = (from: string, to: string): Changes => edited(TEST, from, to, PRODUCTION);
const images = (keys: string): Changes =>
  inProduction('attestation: required }', `attestation: required, ${keys} }`);
const withKeys = (keys: string): Changes => inProduction('jwt:\n', `${keys}\njwt:\n`);
const imageOfCart = (image: string, shop: Changes = PRODUCTION): Changes =>
  edited(
    RELEASE,
    `cart: { images: { v1: ${DIGEST} } }`,
    `cart: { images: { v1: ${image}@sha256:${'1'.repeat(64)} } }`,
    shop,
  );
/** The production fixture, next to another environment. */
const withTrial: Changes = {
  ...PRODUCTION,
  'environments/trial.yaml': (edited(TEST, 'name: test', 'name: trial')[TEST] ?? '')
    .replace("id: shop-test, number: '123456789012'", "id: shop-trial, number: '123456789013'")
    .replace(
      'web: www.shop.example, api: api.shop.example',
      'web: www.trial.example, api: api.trial.example',
    ),
};
const stockWith = (keys: string): Changes => edited(STOCK, 'timeoutMs', `${keys}\ntimeoutMs`);

/** cart with a canary at this weight, and a capacity of ten requests in flight per pod. */
const canaryAt = (percent: number): Changes =>
  edited(
    CART,
    'expectedRequestsPerSecond: 5',
    'expectedRequestsPerSecond: 40 }\nrequestsInFlightPerReplica: 10\ncircuitBreaker: { maxRequests: 12',
    edited(RELEASE, 'weightPercent: 10', `weightPercent: ${percent}`),
  );

export const WORKLOAD_CASES: readonly RuleCase[] = [
  {
    rule: 'PRD-001',
    breaks: images('requireDigest: false'),
    finding:
      'environments/test.yaml:21:49: images.requireDigest: production requires images by digest; set images.requireDigest to true [PRD-001]',
    inside: PRODUCTION,
  },
  {
    rule: 'PRD-002',
    breaks: images('sample: registry.example/sample/app:v1'),
    finding:
      'environments/test.yaml:21:42: images.sample: production must not run the sample container; remove images.sample, and release an image of each service [PRD-002]',
    inside: PRODUCTION,
  },
  {
    rule: 'PRD-003',
    breaks: inProduction('attestation: required', 'attestation: audit'),
    finding:
      "environments/test.yaml:21:24: images.attestation: production requires signed images; set images.attestation to 'required' [PRD-003]",
    inside: PRODUCTION,
  },
  {
    rule: 'PRD-004',
    breaks: images('scanning: false'),
    finding:
      'environments/test.yaml:21:44: images.scanning: production requires vulnerability scanning of images; set images.scanning to true [PRD-004]',
    inside: PRODUCTION,
  },
  {
    rule: 'PRD-005',
    breaks: withKeys('deletionProtection: false'),
    finding:
      'environments/test.yaml:10:21: deletionProtection: production requires deletion protection; set deletionProtection to true [PRD-005]',
    inside: PRODUCTION,
  },
  {
    rule: 'PRD-006',
    breaks: inProduction('cluster: { nodes', 'cluster: { location: zonal, nodes'),
    finding:
      "environments/test.yaml:19:22: cluster.location: production requires a regional cluster; set cluster.location to 'regional' [PRD-006]",
    inside: PRODUCTION,
  },
  {
    rule: 'PRD-007',
    breaks: inProduction('maxPerZone: 20 }', 'maxPerZone: 20, spot: true }'),
    finding:
      'environments/test.yaml:19:86: cluster.nodes.spot: production must not run on spot nodes; remove cluster.nodes.spot [PRD-007]',
    inside: PRODUCTION,
  },
  {
    rule: 'PRD-008',
    breaks: inProduction('cpuCount: 2', 'cpuCount: 2, availability: zonal'),
    finding:
      "environments/test.yaml:20:40: database.availability: production requires a regional database; set database.availability to 'regional' [PRD-008]",
    inside: PRODUCTION,
  },
  {
    rule: 'PRD-009',
    breaks: inProduction('locked: false', 'locked: false, retentionDays: 364'),
    finding:
      'environments/test.yaml:22:39: logs.retentionDays: 364 is less than the 365 days of PCI DSS 10.5.1; set logs.retentionDays to at least 365 [PRD-009]',
    inside: inProduction('locked: false', 'locked: false, retentionDays: 365'),
  },
  {
    rule: 'PRD-010',
    breaks: imageOfCart('europe-west1-docker.pkg.dev/shop-other/shop/cart'),
    finding:
      "releases/test.yaml:2:25: services.cart.images.v1: 'europe-west1-docker.pkg.dev/shop-other/shop/cart@sha256:1111111111111111111111111111111111111111111111111111111111111111' is in project 'shop-other', which is of no environment; copy the image by digest to '<region>-docker.pkg.dev/shop-test/…' [PRD-010]",
    inside: imageOfCart('europe-west4-docker.pkg.dev/shop-test/other/cart'),
  },
  {
    rule: 'PRD-010',
    breaks: imageOfCart('registry.example/shop/cart'),
    finding:
      "releases/test.yaml:2:25: services.cart.images.v1: 'registry.example/shop/cart@sha256:1111111111111111111111111111111111111111111111111111111111111111' is not in Artifact Registry; copy the image by digest to '<region>-docker.pkg.dev/shop-test/…' [PRD-010]",
    inside: imageOfCart('europe-west1-docker.pkg.dev/shop-test/shop/cart'),
  },
  {
    rule: 'PRD-010',
    breaks: imageOfCart('europe-west1-docker.pkg.dev/shop-trial/shop/cart', withTrial),
    finding:
      "releases/test.yaml:2:25: services.cart.images.v1: 'europe-west1-docker.pkg.dev/shop-trial/shop/cart@sha256:1111111111111111111111111111111111111111111111111111111111111111' is in the project of environment 'trial'; copy the image by digest to '<region>-docker.pkg.dev/shop-test/…' [PRD-010]",
    inside: imageOfCart('europe-west1-docker.pkg.dev/shop-test/shop/cart', withTrial),
  },
  {
    rule: 'PRD-011',
    breaks: inProduction('logs: { locked: false }', 'logs: { retentionDays: 365 }'),
    finding:
      'environments/test.yaml:22:7: logs.locked: production does not state whether the evidence bucket is locked; set logs.locked to true once the retention is final, or to false if the alert on changes of the bucket is enough [PRD-011]',
    inside: inProduction('logs: { locked: false }', 'logs: { locked: true }'),
  },
  {
    rule: 'SCL-001',
    breaks: inProduction('cart: { autoscaling: { minReplicas: 3', 'cart: { autoscaling: { minReplicas: 2'),
    finding:
      'environments/test.yaml:8:49: services.cart.autoscaling.minReplicas: 2 pods of a critical service in production; use at least 3 [SCL-001]',
    inside: PRODUCTION,
  },
  {
    rule: 'SCL-001',
    breaks: inProduction('services: {', 'services: { stock: { autoscaling: { minReplicas: 1 } },'),
    finding:
      'environments/test.yaml:8:50: services.stock.autoscaling.minReplicas: 1 pod of a standard service in production; use at least 2 [SCL-001]',
    inside: inProduction('services: {', 'services: { stock: { autoscaling: { minReplicas: 2 } },'),
  },
  {
    rule: 'SCL-002',
    breaks: inProduction('egress: { minReplicas: 3', 'egress: { minReplicas: 2'),
    finding:
      'environments/test.yaml:7:24: egress.minReplicas: 2 pods of the egress gateway in production; use at least 3 [SCL-002]',
    inside: PRODUCTION,
  },
  {
    rule: 'SCL-003',
    breaks: stockWith('disruptionBudget: { maxUnavailable: 2 }'),
    finding:
      'services/stock.yaml:7:37: disruptionBudget.maxUnavailable: 2 of 2 pods may be evicted at the same time; use at most 1 [SCL-003]',
    inside: stockWith('disruptionBudget: { maxUnavailable: 2 }\nautoscaling: { minReplicas: 3 }'),
  },
  {
    rule: 'SCL-004',
    breaks: inProduction('[b, c, d]', '[b, c]'),
    finding:
      "environments/test.yaml:4:8: zones: [b, c] has too few zones for 'cart' and other critical services; use 3 zones of the region [SCL-004]",
    inside: PRODUCTION,
  },
  {
    rule: 'SCL-005',
    breaks: canaryAt(42),
    finding:
      'services/cart.yaml:1:1: autoscaling.minReplicas: 2 pods of v2 are too few: 42 % of 2 × 40 requests/s need 3; use at least 3, or a smaller weight [SCL-005]',
    inside: canaryAt(41),
  },
];
