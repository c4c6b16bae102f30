import { aCatalogue, edited, errorsOf } from '../support/catalogue-fixture';

const TEST = 'environments/test.yaml';
const RELEASE = 'releases/test.yaml';

const DIGEST = `registry.example/app@sha256:${'0'.repeat(64)}`;
const DIGESTS = `services:
  cart: { images: { v1: ${DIGEST} } }
  web: { images: { v1: ${DIGEST} } }
  stock: { images: { v1: ${DIGEST} } }
`;

/** The smallest edit that spoils an environment or its releases, and the one line that its author reads. */
const VIOLATIONS: readonly (readonly [string, Record<string, string | null>, string])[] = [
  [
    'an override of an unknown service',
    edited(TEST, 'notifications', 'services: { carts: {} }\nnotifications'),
    "environments/test.yaml:18:13: services.carts: 'carts' is no service; did you mean 'cart'?",
  ],
  [
    'an image by tag where digests are required',
    {
      ...edited(TEST, 'requireDigest: false', 'requireDigest: true'),
      'releases/test.yaml': DIGESTS.replace(
        `web: { images: { v1: ${DIGEST} } }`,
        'web: { images: { v1: registry.example/web:v1 } }',
      ),
    },
    "releases/test.yaml:3:24: services.web.images.v1: 'registry.example/web:v1' has no digest; name it by '@sha256:…': a tag can move after review",
  ],
  [
    'a version without an image',
    {
      ...edited(TEST, ', sample: registry.example/sample/app:v1', ''),
      'releases/test.yaml': DIGESTS.replace(`web: { images: { v1: ${DIGEST} } }`, 'web: { images: {} }'),
    },
    "releases/test.yaml:3:18: services.web.images: no image for v1; add 'v1', or set images.sample in the environment",
  ],
  [
    'a database endpoint outside of its range',
    edited(TEST, '10.0.15.10', '10.9.0.1'),
    "environments/test.yaml:14:23: network.databaseEndpointIp: '10.9.0.1' is not in nodesCidr '10.0.0.0/20'; choose an address of that range",
  ],
  [
    'overlapping ranges',
    edited(TEST, '10.4.0.0/16', '10.0.0.0/16'),
    "environments/test.yaml:12:13: network.podsCidr: '10.0.0.0/16' overlaps with nodesCidr '10.0.0.0/20'; choose a free range",
  ],
  [
    'token keys that network policy would block',
    edited(TEST, 'www.googleapis.com', 'idp.example'),
    "environments/test.yaml:8:12: jwt.jwksUri: 'idp.example' is not under googleapis.com, and network policy would block it; add 'jwksCidrs' with its addresses",
  ],
  [
    'a standard cluster without nodes',
    edited(
      TEST,
      'cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 2 } }',
      'cluster: {}',
    ),
    "environments/test.yaml:15:10: cluster: mode 'standard' needs nodes; add 'nodes', or use mode 'autopilot'",
  ],
  [
    'a peering without a range',
    edited(
      TEST,
      'database: { cpuCount: 2 }',
      'database: { cpuCount: 2, connectivity: private-services-access }',
    ),
    "environments/test.yaml:16:40: database.connectivity: 'private-services-access' needs network.databasePeeringCidr; add a free range of at least /24",
  ],
  [
    'a host name outside of its public zone',
    edited(TEST, 'region:', 'dns: { publicZone: www.shop.example }\nregion:'),
    "environments/test.yaml:3:20: dns.publicZone: 'api.shop.example' of domainNames is not in 'www.shop.example'; name the domain that both share, or leave it out",
  ],
  [
    'an override of what is the same everywhere',
    edited(TEST, 'notifications', 'services: { cart: { calls: [] } }\nnotifications'),
    "environments/test.yaml:18:21: services.cart.calls: 'calls' is the same in every environment; change it in the service file",
  ],
  [
    'a fault inside an override',
    edited(TEST, 'notifications', 'services: { cart: { retries: { perTryTimeoutMs: 900 } } }\nnotifications'),
    'environments/test.yaml:18:49: services.cart.retries.perTryTimeoutMs: 2 tries of 900 ms with 25 ms between them take 1825 ms, longer than timeoutMs 1000; use at most 487, or lengthen timeoutMs [RES-001]',
  ],
  [
    'a call to a service that is not released',
    {
      ...edited(TEST, ', sample: registry.example/sample/app:v1', ''),
      'releases/test.yaml': DIGESTS.replace(/ {2}stock.*\n/, ''),
    },
    "releases/test.yaml:2:3: services.cart: 'cart' calls 'stock', which has no release here; release 'stock' first",
  ],
  [
    'an environment without releases or sample',
    { ...edited(TEST, ', sample: registry.example/sample/app:v1', ''), 'releases/test.yaml': null },
    'environments/test.yaml:1:1: releases/test.yaml is missing; create it, or set images.sample',
  ],
  [
    'a canary of a service that has none',
    edited(RELEASE, 'cart:', 'stock: { images: {}, canary: { version: v2, weightPercent: 1 } }\n  cart:'),
    "releases/test.yaml:2:32: services.stock.canary: 'stock' has no canary; add 'canary' to its service file",
  ],
  [
    'a canary of another version',
    edited(RELEASE, 'version: v2', 'version: v3'),
    "releases/test.yaml:4:24: services.cart.canary.version: 'v3' is not the canary version 'v2'; use 'v2'",
  ],
  [
    'a release of an unknown service',
    edited(RELEASE, 'cart:', 'carts:'),
    "releases/test.yaml:2:3: services.carts: 'carts' is no service; did you mean 'cart'?",
  ],
];

describe('every fault is told at its place, with value, rule and remedy', () => {
  test.each(VIOLATIONS)('fails on %s', (_name, changes, message) => {
    expect(errorsOf(changes)).toEqual([message]);
  });
});

test('a service that nobody calls may be described before it has a release', () => {
  const [environment] = aCatalogue({
    ...edited(TEST, ', sample: registry.example/sample/app:v1', ''),
    'releases/test.yaml': DIGESTS.replace(/ {2}web.*\n/, ''),
  }).environments;

  expect(environment?.services.map(({ name }) => name)).toEqual(['cart', 'stock']);
  expect(environment?.unreleased).toEqual(['web']);
});
