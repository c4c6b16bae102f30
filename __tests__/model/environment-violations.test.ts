import { aCatalogue, edited, errorsOf } from '../support/catalogue-fixture';

const TEST = 'environments/test.yaml';
const RELEASE = 'releases/test.yaml';

const DIGEST = `registry.example/app@sha256:${'0'.repeat(64)}`;
const DIGESTS = `services:
  cart: { images: { v1: ${DIGEST} } }
  web: { images: { v1: ${DIGEST} } }
  stock: { images: { v1: ${DIGEST} } }
`;

/** The smallest edit that makes an environment or its releases invalid, and the expected message. */
const VIOLATIONS: readonly (readonly [string, Record<string, string | null>, string])[] = [
  [
    'an override of an unknown service',
    edited(TEST, 'notifications', 'services: { carts: {} }\nnotifications'),
    "environments/test.yaml:18:13: services.carts: 'carts' is not a known service; did you mean 'cart'?",
  ],
  [
    'an image by tag if digests are required',
    {
      ...edited(TEST, 'requireDigest: false', 'requireDigest: true'),
      'releases/test.yaml': DIGESTS.replace(
        `web: { images: { v1: ${DIGEST} } }`,
        'web: { images: { v1: registry.example/web:v1 } }',
      ),
    },
    "releases/test.yaml:3:24: services.web.images.v1: 'registry.example/web:v1' has no digest; use '@sha256:…', because a tag can move after the review",
  ],
  [
    'verbose firewall logs after their last day',
    edited(TEST, 'notifications', "edge: { verboseLogsUntil: '2026-01-30' }\nnotifications"),
    "environments/test.yaml:18:27: edge.verboseLogsUntil: '2026-01-30' has passed; remove it, and apply",
  ],
  [
    'verbose firewall logs for more than 14 days',
    edited(TEST, 'notifications', "edge: { verboseLogsUntil: '2026-02-15' }\nnotifications"),
    "environments/test.yaml:18:27: edge.verboseLogsUntil: '2026-02-15' is 15 days ahead, of at most 14; use an earlier day",
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
    "environments/test.yaml:14:23: network.databaseEndpointIp: '10.9.0.1' is not in nodesCidr '10.0.0.0/20'; use an address in that range",
  ],
  [
    'a database endpoint at an address that Google reserves',
    edited(TEST, '10.0.15.10', '10.0.15.254'),
    "environments/test.yaml:14:23: network.databaseEndpointIp: '10.0.15.254' is one of the four addresses of '10.0.0.0/20' that Google reserves; use an address between them",
  ],
  [
    'a public zone without a valid name at Google',
    edited(
      TEST,
      'web: www.shop.example, api: api.shop.example }',
      'web: www.4shop.example, api: api.4shop.example }\ndns: { publicZone: 4shop.example }',
    ),
    "environments/test.yaml:6:20: dns.publicZone: Cloud DNS needs a zone name of at most 63 characters that starts with a letter, not '4shop-example'; use another zone, or remove publicZone and create the records by hand",
  ],
  [
    'overlapping ranges',
    edited(TEST, '10.4.0.0/16', '10.0.0.0/16'),
    "environments/test.yaml:12:13: network.podsCidr: '10.0.0.0/16' overlaps with nodesCidr '10.0.0.0/20'; use a free range",
  ],
  [
    'a jwksUri that network policy blocks',
    edited(TEST, 'www.googleapis.com', 'idp.example'),
    "environments/test.yaml:8:12: jwt.jwksUri: 'idp.example' is not under googleapis.com, so network policy blocks it; add its addresses as 'jwksCidrs'",
  ],
  [
    'a standard cluster without nodes',
    edited(
      TEST,
      'cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 20 } }',
      'cluster: {}',
    ),
    "environments/test.yaml:15:10: cluster: mode 'standard' needs nodes; add 'nodes', or use mode 'autopilot'",
  ],
  [
    'private services access without a range',
    edited(
      TEST,
      'database: { cpuCount: 2 }',
      'database: { cpuCount: 2, connectivity: private-services-access }',
    ),
    "environments/test.yaml:16:40: database.connectivity: 'private-services-access' needs network.databasePeeringCidr; add a free range of at least /24",
  ],
  [
    'a host name outside of the public zone',
    edited(TEST, 'region:', 'dns: { publicZone: www.shop.example }\nregion:'),
    "environments/test.yaml:3:20: dns.publicZone: 'api.shop.example' of domainNames is not in zone 'www.shop.example'; use the common parent domain of domainNames, or remove publicZone",
  ],
  [
    'an override of a field that cannot be overridden',
    edited(TEST, 'notifications', 'services: { cart: { calls: [] } }\nnotifications'),
    "environments/test.yaml:18:21: services.cart.calls: 'calls' cannot differ between environments; change it in the service file",
  ],
  [
    'a violation inside an override',
    edited(TEST, 'notifications', 'services: { cart: { retries: { perTryTimeoutMs: 900 } } }\nnotifications'),
    'environments/test.yaml:18:49: services.cart.retries.perTryTimeoutMs: 2 attempts of 900 ms and 25 ms of backoff take 1825 ms, longer than timeoutMs 1000; use at most 487, or raise timeoutMs [RES-001]',
  ],
  [
    'a call to a service that is not released',
    {
      ...edited(TEST, ', sample: registry.example/sample/app:v1', ''),
      'releases/test.yaml': DIGESTS.replace(/ {2}stock.*\n/, ''),
    },
    "releases/test.yaml:2:3: services.cart: 'cart' calls 'stock', which has no release in this environment; release 'stock' in the same change, or limit the call to other 'environments'",
  ],
  [
    'an environment without releases or sample',
    { ...edited(TEST, ', sample: registry.example/sample/app:v1', ''), 'releases/test.yaml': null },
    'environments/test.yaml:1:1: releases/test.yaml is missing; create it, or set images.sample',
  ],
  [
    'a canary of a service without a canary policy',
    edited(RELEASE, 'cart:', 'stock: { images: {}, canary: { version: v2, weightPercent: 1 } }\n  cart:'),
    "releases/test.yaml:2:32: services.stock.canary: 'stock' has no canary policy; add 'canary' to its service file",
  ],
  [
    'a canary of another version',
    edited(RELEASE, 'version: v2', 'version: v3'),
    "releases/test.yaml:4:24: services.cart.canary.version: 'v3' is not the canary version 'v2'; use 'v2'",
  ],
  [
    'a release of an unknown service',
    edited(RELEASE, 'cart:', 'carts:'),
    "releases/test.yaml:2:3: services.carts: 'carts' is not a known service; did you mean 'cart'?",
  ],
];

describe('a violation is reported at its place, with value, rule and fix', () => {
  test.each(VIOLATIONS)('%s', (_name, changes, message) => {
    expect(errorsOf(changes)).toEqual([message]);
  });
});

test('production reports at once what it needs, with or without a release file', () => {
  const production = edited(TEST, 'region:', 'production: true\nlogs: { retentionDays: 30 }\nregion:');
  const withoutRelease = {
    ...edited(TEST, ', sample: registry.example/sample/app:v1', '', production),
    [RELEASE]: null,
  };
  const ids = (changes: Record<string, string | null>) =>
    errorsOf(changes).map((line) => /\[(\S+)\]$/.exec(line)?.[1] ?? line);
  const needs = ['SCL-004', 'PRD-001', 'PRD-003', 'PRD-009', 'PRD-011', 'SCL-001', 'SCL-002', 'SCL-002'];

  expect(ids(production).sort()).toEqual([...needs, 'PRD-002'].sort());
  expect(ids(withoutRelease).sort()).toEqual(
    [
      ...needs,
      'environments/test.yaml:1:1: releases/test.yaml is missing; create it, or set images.sample',
    ].sort(),
  );
});

test('a service without callers needs no release', () => {
  const [environment] = aCatalogue({
    ...edited(TEST, ', sample: registry.example/sample/app:v1', ''),
    'releases/test.yaml': DIGESTS.replace(/ {2}web.*\n/, ''),
  }).environments;

  expect(environment?.services.map(({ name }) => name)).toEqual(['cart', 'stock']);
  expect(environment?.unreleased).toEqual(['web']);
});
