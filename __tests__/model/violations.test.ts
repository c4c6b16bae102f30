import { edited, errorsOf } from '../support/catalogue-fixture';

const CART = 'services/cart.yaml';
const TEST = 'environments/test.yaml';

/** The smallest edit that makes a file invalid, and the expected message. */
const VIOLATIONS: readonly (readonly [string, Record<string, string | null>, string])[] = [
  [
    'a resource name of the platform',
    edited(CART, 'owner:', 'resourceName: ingress-gateway\nowner:'),
    "services/cart.yaml:3:15: resourceName: 'ingress-gateway' is reserved for this platform; use another resourceName",
  ],
  [
    'a misspelt callee',
    edited('services/web.yaml', 'service: cart', 'service: cartt'),
    "services/web.yaml:10:16: calls[0].service: 'cartt' is not a known service; did you mean 'cart'?",
  ],
  [
    'an unknown third party',
    edited(CART, 'external: bank', 'external: insurer'),
    "services/cart.yaml:9:17: calls[1].external: 'insurer' is not a known third party; use one of bank",
  ],
  ...(['cart-v1', 'cart-v2', 'sales-domain'] as const).map(
    (name): readonly [string, Record<string, string | null>, string] => [
      `a service called ${name}`,
      serviceCalled(name),
      `services/${name}.yaml:1:7: name: '${name}' is also ${
        {
          'cart-v1': "the name of a version of 'cart'",
          'cart-v2': "the name of a version of 'cart'",
          'sales-domain': 'the Terraform id of a domain',
        }[name]
      }; use another name`,
    ],
  ),
  [
    'an unknown domain',
    edited(CART, 'domain: sales', 'domain: sale'),
    "services/cart.yaml:4:9: domain: 'sale' is not a known domain of mesh.yaml; did you mean 'sales'?",
  ],
  [
    'a journey through a service that does not exist',
    edited('mesh.yaml', 'domains:', journeyThrough('webb')),
    "mesh.yaml:8:15: journeys.buy.entries[0]: 'webb' is not a known service; did you mean 'web'?",
  ],
  [
    'a journey through a service without an ingress route',
    edited('mesh.yaml', 'domains:', journeyThrough('stock')),
    "mesh.yaml:8:15: journeys.buy.entries[0]: 'stock' has no ingress route; use a service with 'ingress'",
  ],
  [
    'notification channels of a team that owns nothing',
    edited(
      'environments/test.yaml',
      'ticket: [b@shop.example] }',
      'ticket: [b@shop.example], owners: { team-crat: { page: [c@shop.example] } } }',
    ),
    "environments/test.yaml:18:78: notifications.owners.team-crat: 'team-crat' is not a known owner; did you mean 'team-cart'?",
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
    'an unknown enum value',
    edited(CART, 'tier: critical', 'tier: critcal'),
    "services/cart.yaml:5:7: tier: 'critcal' is not one of critical, standard, best-effort; did you mean 'critical'?",
  ],
  [
    'a string instead of a number',
    edited(CART, 'timeoutMs: 1000', 'timeoutMs: 1s'),
    "services/cart.yaml:10:12: timeoutMs: '1s' must be a number",
  ],
  [
    'a number out of range',
    edited(CART, 'timeoutMs: 1000', 'timeoutMs: 0'),
    'services/cart.yaml:10:12: timeoutMs: 0 must be at least 1',
  ],
  ...['/a/../carts', '/carts/..', '/./carts'].map(
    (path): readonly [string, Record<string, string | null>, string] => [
      `the path ${path}`,
      edited(CART, '[/stock/*]', `[${path}]`),
      `services/cart.yaml:8:47: calls[0].paths[0]: '${path}' must not have the segments '.' and '..', which proxies remove before policies match`,
    ],
  ),
  ...['//carts', '/carts//1', '/carts/', '/c%61rts', '/carts;v=1', '/carts?x=1', '/carts/*/1'].map(
    (path): readonly [string, Record<string, string | null>, string] => [
      `the path ${path}`,
      edited(CART, '[/stock/*]', `['${path}']`),
      `services/cart.yaml:8:47: calls[0].paths[0]: '${path}' must be an exact path such as '/carts' or a prefix such as '/carts/*'`,
    ],
  ),
  [
    'a dot segment in a public route',
    edited('services/web.yaml', '[/, /*]', '[/, /a/../carts]'),
    "services/web.yaml:8:45: ingress[0].paths[1]: '/a/../carts' must not have the segments '.' and '..', which proxies remove before policies match",
  ],
  [
    'a probe of a prefix',
    edited(CART, 'timeoutMs', 'probes: { readinessPath: /ready/* }\ntimeoutMs'),
    "services/cart.yaml:10:26: probes.readinessPath: '/ready/*' must be a path such as '/ready'",
  ],
  [
    'a wildcard inside a path',
    edited(CART, '[/stock/*]', '[/stock/*/items]'),
    "services/cart.yaml:8:47: calls[0].paths[0]: '/stock/*/items' must be an exact path such as '/carts' or a prefix such as '/carts/*'",
  ],
  [
    'a repeated method',
    edited(CART, '[POST]', '[POST, POST]'),
    'services/cart.yaml:9:32: calls[1].methods: ["POST","POST"] must not contain duplicates',
  ],
  [
    'a name that is not the file name',
    edited(CART, 'name: cart', 'name: carts'),
    "services/cart.yaml:1:7: name: 'carts' differs from the file name 'cart'; rename one of them",
  ],
  [
    'a service that calls itself',
    edited('services/web.yaml', 'service: cart', 'service: web'),
    "services/web.yaml:10:16: calls[0].service: 'web' calls itself; remove the call",
  ],
  [
    'a canary call that is not a call of the service',
    edited(CART, 'calls: [stock], steps', 'calls: [web], steps'),
    "services/cart.yaml:13:19: canary.calls[0]: 'web' is not a known target of calls; use one of bank, stock",
  ],
  [
    'decreasing canary steps',
    edited(CART, '[stock], stepsPercent: [25, 50, 100]', '[stock], stepsPercent: [50, 25, 100]'),
    'services/cart.yaml:13:41: canary.stepsPercent: [50, 25, 100] must rise and end at 100; use [1, 5, 10, 25, 50, 100]',
  ],
  [
    'a bake time above the window of the detectors',
    edited(CART, 'calls: [stock], steps', 'bakeMinutes: 241, steps'),
    'services/cart.yaml:13:24: canary.bakeMinutes: 241 is above longestBakeMinutes 240; raise longestBakeMinutes, which bounds the window of the slow detectors',
  ],
  [
    'minReplicas above maxReplicas',
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
    'two services with the same ingress path',
    edited(
      'services/stock.yaml',
      'timeoutMs',
      'ingress: [{ host: web, methods: [GET], paths: [/*], jwt: none }]\ntimeoutMs',
    ),
    "services/stock.yaml:7:47: ingress[0].paths: [/*] has a path and a method in common with 'web' on host 'web'; use distinct paths or methods for each service; of overlapping paths the longer one wins",
  ],
  [
    'two routes of one service with the same path and method',
    edited(
      'services/web.yaml',
      'paths: [/, /*], jwt: none }',
      'paths: [/, /*], jwt: none }\n  - { host: web, methods: [GET, POST], paths: [/*], jwt: none, origins: [] }',
    ),
    "services/web.yaml:9:47: ingress[1].paths: [/*] has a path and a method in common with ingress[0] on host 'web'; use distinct paths or methods for each route; of overlapping paths the longer one wins",
  ],
  [
    'every origin',
    edited('environments/test.yaml', 'jwt:\n', "browsers: { pageOrigins: ['*'] }\njwt:\n"),
    "environments/test.yaml:6:27: browsers.pageOrigins[0]: '*' must be one exact origin such as 'https://partner.example', without path and never '*'",
  ],
  [
    'a pattern of origins',
    edited(
      'environments/test.yaml',
      'jwt:\n',
      "browsers: { pageOrigins: ['https://*.shop.example'] }\njwt:\n",
    ),
    "environments/test.yaml:6:27: browsers.pageOrigins[0]: 'https://*.shop.example' must be one exact origin such as 'https://partner.example', without path and never '*'",
  ],
  [
    'an origin with a path',
    edited(
      'environments/test.yaml',
      'jwt:\n',
      "browsers: { pageOrigins: ['https://shop.example/'] }\njwt:\n",
    ),
    "environments/test.yaml:6:27: browsers.pageOrigins[0]: 'https://shop.example/' must be one exact origin such as 'https://partner.example', without path and never '*'",
  ],
  [
    'a template that Terraform would evaluate',
    edited(CART, 'Products that a shopper has selected', '"picked ${file(1)} things"'),
    "services/cart.yaml:2:14: 'picked ${file(1)} things' contains a Terraform template; remove '${' and '%{'",
  ],
  [
    'a directive that Terraform would evaluate',
    edited(CART, 'Products that a shopper has selected', '"picked %{if true} things"'),
    "services/cart.yaml:2:14: 'picked %{if true} things' contains a Terraform template; remove '${' and '%{'",
  ],
  [
    'a duplicate key',
    edited(CART, 'tier: critical', 'tier: critical\ntier: standard'),
    'services/cart.yaml:6:1: duplicate key; remove one of them',
  ],
  [
    'an invisible character',
    edited(CART, 'owner: team-cart', 'owner: team\u202e-cart'),
    'services/cart.yaml:3:12: contains the unprintable character U+202E; remove it',
  ],
  [
    'a terminal escape sequence',
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
    'services/cart.yaml:8:1: indentation with a tab; indent with spaces',
  ],
  [
    'an alias',
    edited(CART, 'owner: team-cart', 'owner: &o team-cart'),
    "services/cart.yaml:3:11: anchor '&o' is not allowed; write the value out",
  ],
  [
    'a second document',
    edited(CART, 'name: cart', 'name: cart\n---\nname: cart'),
    "services/cart.yaml:2:1: contains a second document; move it to its own file and remove the '---'",
  ],
];

function journeyThrough(entry: string): string {
  return `journeys:
  buy:
    description: How a shopper buys
    owner: team-web
    entries: [${entry}]
domains:`;
}

describe('a violation is reported at its place, with value, rule and fix', () => {
  test.each(VIOLATIONS)('%s', (_name, changes, message) => {
    expect(errorsOf(changes)).toEqual([message]);
  });
});

test('the fixture has no violations', () => {
  expect(errorsOf({})).toEqual([]);
});

test('reports all violations of all files at once, sorted by place', () => {
  const violations = errorsOf({
    ...edited(CART, 'timeoutMs: 1000', 'timeoutMs: 0'),
    ...edited('services/web.yaml', 'tier: standard', 'tier: top'),
    ...edited(TEST, '10.0.15.10', '10.9.0.1'),
  });

  expect(violations.map((violation) => violation.split(': ')[0])).toEqual([
    'environments/test.yaml:14:23',
    'services/cart.yaml:10:12',
    'services/web.yaml:5:7',
  ]);
});

/** The fixture with another service, next to a cart with a public route. */
function serviceCalled(name: string): Record<string, string | null> {
  const { 'services/stock.yaml': text } = edited('services/stock.yaml', 'name: stock', `name: ${name}`);
  return {
    ...edited(
      CART,
      'calls:',
      'ingress: [{ host: api, methods: [GET], paths: [/carts/*], jwt: required }]\ncalls:',
    ),
    [`services/${name}.yaml`]: text ?? null,
  };
}
