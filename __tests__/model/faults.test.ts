import { aCatalogue, edited, faultsOf } from '../support/catalogue-fixture';

const CART = 'services/cart.yaml';
const TEST = 'environments/test.yaml';
const RELEASE = 'releases/test.yaml';

const DIGEST = `registry.example/app@sha256:${'0'.repeat(64)}`;
const DIGESTS = `services:
  cart: { images: { v1: ${DIGEST} } }
  web: { images: { v1: ${DIGEST} } }
  stock: { images: { v1: ${DIGEST} } }
`;

/** The smallest edit that breaks a rule, and the one line that its author reads. */
const FAULTS: readonly (readonly [string, Record<string, string | null>, string])[] = [
  [
    'a misspelt callee',
    edited('services/web.yaml', 'service: cart', 'service: cartt'),
    "services/web.yaml:10:16: calls[0].service: 'cartt' is no service; did you mean 'cart'?",
  ],
  [
    'an unknown third party',
    edited(CART, 'external: bank', 'external: insurer'),
    "services/cart.yaml:9:17: calls[1].external: 'insurer' is no third party; use one of bank",
  ],
  [
    'an unknown domain',
    edited(CART, 'domain: sales', 'domain: sale'),
    "services/cart.yaml:4:9: domain: 'sale' is no domain of mesh.yaml; did you mean 'sales'?",
  ],
  [
    'a misspelt key',
    edited(CART, 'timeoutMs', 'timeoutMS'),
    "services/cart.yaml:10:1: timeoutMS: unknown key 'timeoutMS'; did you mean 'timeoutMs'?",
  ],
  [
    'a misspelt key in a call',
    edited(CART, 'methods: [POST]', 'method: [POST]'),
    "services/cart.yaml:9:23: calls[1].method: unknown key 'method'; did you mean 'methods'?",
  ],
  [
    'a missing key',
    edited(CART, 'owner: team-cart\n', ''),
    "services/cart.yaml:1:1: owner: is missing; add 'owner'",
  ],
  [
    'a word that is not a choice',
    edited(CART, 'tier: critical', 'tier: critcal'),
    "services/cart.yaml:5:7: tier: 'critcal' is not one of critical, standard, best-effort; did you mean 'critical'?",
  ],
  [
    'a text for a number',
    edited(CART, 'timeoutMs: 1000', 'timeoutMs: 1s'),
    "services/cart.yaml:10:12: timeoutMs: '1s' must be a number",
  ],
  [
    'a number out of range',
    edited(CART, 'timeoutMs: 1000', 'timeoutMs: 0'),
    'services/cart.yaml:10:12: timeoutMs: 0 must be at least 1',
  ],
  [
    'a path with a wildcard inside',
    edited(CART, '[/stock/*]', '[/stock/*/items]'),
    "services/cart.yaml:8:47: calls[0].paths[0]: '/stock/*/items' must be an exact path such as '/carts' or a prefix such as '/carts/*'",
  ],
  [
    'a repeated method',
    edited(CART, '[POST]', '[POST, POST]'),
    'services/cart.yaml:9:32: calls[1].methods: ["POST","POST"] must not repeat an entry',
  ],
  [
    'a name that is not the file name',
    edited(CART, 'name: cart', 'name: carts'),
    "services/cart.yaml:1:7: name: 'carts' is not the file's name 'cart'; rename one of them",
  ],
  [
    'a service that calls itself',
    edited('services/web.yaml', 'service: cart', 'service: web'),
    "services/web.yaml:10:16: calls[0].service: 'web' calls itself; remove the call",
  ],
  [
    'tries that take longer than the timeout',
    edited(CART, 'perTryTimeoutMs: 400', 'perTryTimeoutMs: 501'),
    'services/cart.yaml:11:42: retries.perTryTimeoutMs: 2 tries of 501 ms take 1002 ms, longer than timeoutMs 1000; use at most 500',
  ],
  [
    'retries without a time for each try',
    edited(CART, 'perTryTimeoutMs: 400, ', ''),
    'services/cart.yaml:11:10: retries: 1 retries without perTryTimeoutMs: a request that hangs is never retried; add a perTryTimeoutMs of at most 500',
  ],
  [
    'a canary that may call what the service may not',
    edited(CART, 'calls: [stock], steps', 'calls: [web], steps'),
    "services/cart.yaml:13:19: canary.calls[0]: 'web' is no target of calls; use one of bank, stock",
  ],
  [
    'canary steps that fall',
    edited(CART, '[stock], stepsPercent: [25, 50, 100]', '[stock], stepsPercent: [50, 10, 100]'),
    'services/cart.yaml:13:41: canary.stepsPercent: [50, 10, 100] must rise and end at 100; use [1, 5, 10, 25, 50, 100]',
  ],
  [
    'a canary that bakes for longer than its detectors count',
    edited(CART, 'calls: [stock], steps', 'bakeMinutes: 241, steps'),
    'services/cart.yaml:13:24: canary.bakeMinutes: 241 is above longestBakeMinutes 240; raise longestBakeMinutes: the slow detectors count no further back',
  ],
  [
    'fewer replicas at most than at least',
    edited(CART, 'timeoutMs: 1000', 'timeoutMs: 1000\nautoscaling: { minReplicas: 11 }'),
    'services/cart.yaml:11:29: autoscaling.minReplicas: 11 is above maxReplicas 10; swap them',
  ],
  [
    'a cycle of calls',
    edited(
      'services/stock.yaml',
      'timeoutMs',
      'calls: [{ service: web, methods: [GET], paths: [/] }]\ntimeoutMs',
    ),
    'services/stock.yaml:7:20: calls[0].service: closes the cycle web → cart → stock → web; remove one of these calls',
  ],
  [
    'two services at one public path',
    edited(
      'services/stock.yaml',
      'timeoutMs',
      'ingress: [{ host: web, methods: [GET], paths: [/stock], jwt: none }]\ntimeoutMs',
    ),
    "services/stock.yaml:7:47: ingress[0].paths: [/stock] overlaps with 'web' on host 'web'; give each service paths of its own",
  ],
  [
    'an override of an unknown service',
    edited(TEST, 'notifications', 'services: { carts: {} }\nnotifications'),
    "environments/test.yaml:18:13: services.carts: 'carts' is no service; did you mean 'cart'?",
  ],
  [
    'a template that Terraform would evaluate',
    edited(CART, 'What a visitor has picked', '"picked ${file(1)} things"'),
    "services/cart.yaml:2:14: 'picked ${file(1)} things' holds a Terraform template; write the text without '${' and '%{'",
  ],
  [
    'a directive that Terraform would evaluate',
    edited(CART, 'What a visitor has picked', '"picked %{if true} things"'),
    "services/cart.yaml:2:14: 'picked %{if true} things' holds a Terraform template; write the text without '${' and '%{'",
  ],
  [
    'a key given twice',
    edited(CART, 'tier: critical', 'tier: critical\ntier: standard'),
    'services/cart.yaml:6:1: key is given twice; keep one of them',
  ],
  [
    'a character that nobody sees',
    edited(CART, 'owner: team-cart', 'owner: team\u202e-cart'),
    'services/cart.yaml:3:12: holds the unprintable character U+202E; remove it',
  ],
  [
    'an escape that would command the terminal',
    edited(CART, 'owner: team-cart', 'owner: "team\\e[2Jcart"'),
    "services/cart.yaml:3:8: owner: 'teamU+001B[2Jcart' must be lower-case letters, digits and dashes, at most 40, starting with a letter",
  ],
  [
    'a tab',
    edited(
      CART,
      'calls:\n  - { service: stock, methods: [GET], paths: [/stock/*] }\n  - { external: bank, methods: [POST], paths: [/charges] }',
      'calls:\n\t- { service: stock, methods: [GET], paths: [/stock/*] }',
    ),
    'services/cart.yaml:8:1: a tab indents the line; indent with spaces',
  ],
  [
    'an alias',
    edited(CART, 'owner: team-cart', 'owner: &o team-cart'),
    "services/cart.yaml:3:11: anchor '&o' is not allowed; write the value out",
  ],
  [
    'a second document',
    edited(CART, 'name: cart', 'name: cart\n---\nname: cart'),
    "services/cart.yaml:2:1: holds a second document; put it into a file of its own and drop the '---'",
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
    'production that can be deleted',
    {
      ...edited(TEST, 'region:', 'production: true\ndeletionProtection: false\nregion:'),
      [TEST]: edited(TEST, 'region:', 'production: true\ndeletionProtection: false\nregion:')[TEST]!.replace(
        '{ requireDigest: false, sample: registry.example/sample/app:v1 }',
        '{ attestation: required }',
      ),
      'releases/test.yaml': DIGESTS,
    },
    'environments/test.yaml:4:21: deletionProtection: production must be protected from deletion; set it to true',
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
    'environments/test.yaml:18:49: services.cart.retries.perTryTimeoutMs: 2 tries of 900 ms take 1800 ms, longer than timeoutMs 1000; use at most 500',
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
  test.each(FAULTS)('fails on %s', (_name, changes, message) => {
    expect(faultsOf(changes)).toEqual([message]);
  });
});

test('the small shop itself has no fault', () => {
  expect(faultsOf({})).toEqual([]);
});

test('fails with all faults of all files at once, sorted by place', () => {
  const faults = faultsOf({
    ...edited(CART, 'timeoutMs: 1000', 'timeoutMs: 0'),
    ...edited('services/web.yaml', 'tier: standard', 'tier: top'),
    ...edited(TEST, '10.0.15.10', '10.9.0.1'),
  });

  expect(faults.map((fault) => fault.split(': ')[0])).toEqual([
    'environments/test.yaml:14:23',
    'services/cart.yaml:10:12',
    'services/web.yaml:5:7',
  ]);
});

test('a service that nobody calls may be described before it has a release', () => {
  const [environment] = aCatalogue({
    ...edited(TEST, ', sample: registry.example/sample/app:v1', ''),
    'releases/test.yaml': DIGESTS.replace(/ {2}web.*\n/, ''),
  }).environments;

  expect(environment?.services.map(({ name }) => name)).toEqual(['cart', 'stock']);
  expect(environment?.unreleased).toEqual(['web']);
});
