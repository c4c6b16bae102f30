import { edited } from '../catalogue-fixture';
import { BANK, CART, RELEASE, STOCK, TEST, WEB, type Changes, type RuleCase } from './rule-case';

/** The fixture with additional services without callers, on nodes that hold them. */
function withServices(count: number, tier = 'standard'): Changes {
  const text = edited(STOCK, 'tier: standard', `tier: ${tier}`)[STOCK] ?? '';
  const large = edited(
    TEST,
    'e2-standard-4, minPerZone: 1, maxPerZone: 20',
    'n2-standard-128, minPerZone: 1, maxPerZone: 60',
  );
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `services/more-${index}.yaml`,
      text.replace('name: stock', `name: more-${index}`),
    ]),
  );
  return { ...large, ...files };
}

/** The fixture with additional domains. */
function withDomains(count: number): Changes {
  const fields = 'description: Another domain, operators: ops@shop.example, viewers: all@shop.example';
  const more = Array.from({ length: count }, (_, index) => `  more-${index}: { ${fields} }\n`);
  return edited('mesh.yaml', 'domains:\n', `domains:\n${more.join('')}`);
}

/** A second environment: a copy of the first. */
function secondEnvironment(project: string): Changes {
  const first = edited(TEST, 'name: test', 'name: trial')[TEST] ?? '';
  return {
    'environments/trial.yaml': first
      .replace("project: { id: shop-test, number: '123456789012' }", project)
      .replaceAll('.shop.example, api', '.trial.example, api')
      .replace('api.shop.example', 'api.trial.example'),
    'releases/trial.yaml': null,
  };
}

const cardCart = edited(CART, 'pciScope: connected', 'pciScope: cardholder-data');
const publicCart = (jwt: string): Changes =>
  edited(
    CART,
    'calls:',
    `ingress: [{ host: api, methods: [GET], paths: [/carts/*], jwt: ${jwt} }]\ncalls:`,
    edited(WEB, 'out-of-scope', 'connected', cardCart),
  );
const openRoute = (paths: string): Changes =>
  edited(
    CART,
    'calls:',
    `ingress:
  - { host: api, methods: [GET, POST], paths: [/carts/*], jwt: required }
  - { host: api, methods: [GET], paths: ${paths}, jwt: none }
calls:`,
  );

/** Pages and API with one name; cart has API routes at these paths. */
const oneName = (paths: string): Changes =>
  edited(
    'environments/test.yaml',
    'api: api.shop.example',
    'api: www.shop.example',
    edited(
      CART,
      'calls:',
      `ingress:\n  - { host: api, methods: [GET], paths: ${paths}, jwt: required }\ncalls:`,
    ),
  );

/** Some cases have too few requests for a canary. */
const WITHOUT_CANARY = edited(
  RELEASE,
  '    canary: { version: v2, weightPercent: 10 }\n',
  '',
  edited(CART, 'canary: { calls: [stock], stepsPercent: [25, 50, 100] }\n', ''),
);

const stockWith = (lines: string) => edited(STOCK, 'timeoutMs', `${lines}\ntimeoutMs`);
const SECRET_FIX =
  "declare a secret in mesh.yaml, list it in the service's secrets, and read the mounted file; revoke the value if it was committed [SEC-006]";

const SECRET_CASES: readonly RuleCase[] = [
  {
    rule: 'SEC-006',
    breaks: stockWith('env: { API_TOKEN: hello }'),
    finding: `services/stock.yaml:7:19: env.API_TOKEN: 'API_TOKEN' names a secret; ${SECRET_FIX}`,
    inside: stockWith("env: { API_TOKEN_FILE: /var/run/secrets/shop/token, USE_TOKEN: 'true' }"),
  },
  {
    rule: 'SEC-006',
    breaks: stockWith('env: { SALT: Zx81qLm4Tt0vWb7RkY2sNp9d }'),
    finding: `services/stock.yaml:7:14: env.SALT: holds a random word, as secrets are; ${SECRET_FIX}`,
    inside: stockWith('env: { SALT: pepper }'),
  },
  {
    rule: 'SEC-006',
    breaks: stockWith('files: { app.properties: "a: b\\ndb.password = hunter2" }'),
    finding: `services/stock.yaml:7:26: files.app.properties: line 2 names a secret; ${SECRET_FIX}`,
    inside: stockWith('files: { app.properties: "a: b\\ndb.password = ${file:/var/run/secrets/shop/db}" }'),
  },
  {
    rule: 'SEC-006',
    breaks: stockWith('files: { ca.pem: "-----BEGIN CERTIFICATE-----" }'),
    finding: `services/stock.yaml:7:18: files.ca.pem: holds a PEM block; ${SECRET_FIX}`,
    inside: stockWith('files: { ca.pem: "" }'),
  },
  {
    rule: 'SEC-006',
    breaks: stockWith("args: ['--verbose', '--api-key=hello']"),
    finding: `services/stock.yaml:7:21: args[1]: 'api-key' names a secret; ${SECRET_FIX}`,
    inside: stockWith("args: ['--verbose', '--api-key=$(API_KEY_FILE)']"),
  },
  {
    rule: 'SEC-006',
    breaks: edited(CART, 'canary: {', "canary: { env: { UPSTREAM: 'https://me:hunter2@api.example' },"),
    finding: `services/cart.yaml:13:28: canary.env.UPSTREAM: holds a URL with a password; ${SECRET_FIX}`,
    inside: edited(CART, 'canary: {', "canary: { env: { UPSTREAM: 'https://api.example' },"),
  },
];

export const PLATFORM_CASES: readonly RuleCase[] = [
  // Three services and a domain of the fixture, plus six policies of the mesh.
  {
    rule: 'PLT-001',
    breaks: withDomains(991),
    finding:
      'environments/test.yaml:1:7: name: about 1001 AuthorizationPolicies exceed the quota of 1000; split the services over two fleets [PLT-001]',
    inside: withDomains(990),
  },
  {
    rule: 'PLT-002',
    breaks: secondEnvironment("project: { id: shop-test, number: '123456789013' }"),
    finding:
      "environments/trial.yaml:2:16: project.id: 'shop-test' is also the project of environment 'test'; use a separate project [PLT-002]",
    inside: secondEnvironment("project: { id: shop-trial, number: '123456789013' }"),
  },
  {
    rule: 'PLT-002',
    breaks: secondEnvironment("project: { id: shop-trial, number: '123456789012' }"),
    finding:
      "environments/trial.yaml:2:36: project.number: '123456789012' is also the project of environment 'test'; use a separate project [PLT-002]",
    inside: secondEnvironment("project: { id: shop-trial, number: '123456789013' }"),
  },
  {
    rule: 'PLT-003',
    breaks: edited(STOCK, 'timeoutMs', 'port: 15000\ntimeoutMs'),
    finding:
      'services/stock.yaml:7:7: port: 15000 is reserved for the proxy; use a port outside of 15000–15100 [PLT-003]',
    inside: edited(STOCK, 'timeoutMs', 'port: 14999\ntimeoutMs'),
  },
  {
    rule: 'PLT-003',
    breaks: edited(STOCK, 'timeoutMs', 'adminPort: 15020\ntimeoutMs'),
    finding:
      'services/stock.yaml:7:12: adminPort: 15020 is reserved for the proxy; use a port outside of 15000–15100 [PLT-003]',
    inside: edited(STOCK, 'timeoutMs', 'adminPort: 9000\ntimeoutMs'),
  },
  {
    rule: 'PLT-003',
    breaks: edited(STOCK, 'timeoutMs', 'port: 15100\ntimeoutMs'),
    finding:
      'services/stock.yaml:7:7: port: 15100 is reserved for the proxy; use a port outside of 15000–15100 [PLT-003]',
    inside: edited(STOCK, 'timeoutMs', 'port: 15101\ntimeoutMs'),
  },
  // Two per service, one for the canary, and ten of the mesh.
  {
    rule: 'PLT-004',
    breaks: withServices(492),
    finding:
      'environments/test.yaml:1:7: name: about 1001 Kubernetes Services exceed the quota of 1000 per project; request a larger quota, or split the services over two fleets [PLT-004]',
    inside: withServices(491),
  },
  {
    rule: 'SEC-001',
    breaks: cardCart,
    finding:
      "services/web.yaml:10:16: calls[0].service: 'web' is out of scope, but calls 'cart', which handles card data; set pciScope of the caller to 'connected', or remove the call [SEC-001]",
    inside: edited(WEB, 'out-of-scope', 'connected', cardCart),
  },
  {
    rule: 'SEC-002',
    breaks: edited(BANK, 'timeoutMs', 'cardholderData: true\ntimeoutMs'),
    finding:
      "services/cart.yaml:9:17: calls[1].external: 'bank' receives card data, but pciScope of 'cart' is 'connected'; make the call from a service with pciScope 'cardholder-data' [SEC-002]",
    inside: edited(
      BANK,
      'timeoutMs',
      'cardholderData: true\ntimeoutMs',
      edited(WEB, 'out-of-scope', 'connected', cardCart),
    ),
  },
  {
    rule: 'SEC-003',
    breaks: publicCart('none'),
    finding:
      "services/cart.yaml:7:64: ingress[0].jwt: [/carts/*] of 'cart', which handles card data, requires no token; set jwt: 'required' on the route [SEC-003]",
    inside: publicCart('required'),
  },
  {
    rule: 'SEC-004',
    breaks: openRoute('[/carts/*]'),
    finding:
      'services/cart.yaml:9:41: ingress[1].paths: [/carts/*] requires no token, but overlaps with [/carts/*], which does; use distinct methods or paths [SEC-004]',
    inside: openRoute('[/carts/1]'),
  },
  {
    rule: 'SEC-005',
    breaks: oneName('[/, /api]'),
    finding:
      "services/cart.yaml:8:41: ingress[0].paths: [/, /api] has a path and a method in common with the pages of 'web', and environment 'test' has one name for both; use distinct paths or methods, or two names [SEC-005]",
    inside: oneName('[/api, /api/*]'),
  },
  ...SECRET_CASES,
  {
    rule: 'SLO-001',
    breaks: edited(BANK, 'timeoutMs', 'availabilityPercent: 99.99\ntimeoutMs'),
    finding:
      "services/cart.yaml:12:7: slos.availability.targetPercent: 99.9 % is above 99.89 %, the product of the targets of stock, bank; use at most 99.89, or mark calls that may fail as 'optional' [SLO-001]",
    inside: edited(
      BANK,
      'timeoutMs',
      'availabilityPercent: 99.99\ntimeoutMs',
      edited(CART, 'paths: [/charges] }', 'paths: [/charges], optional: true }'),
    ),
  },
  // 50 % slow requests are a burn rate of 2.99 for a budget of 16.7 %; a page needs 3.
  {
    rule: 'SLO-002',
    breaks: cartSlos('latency: { targetPercent: 83.3, thresholdMs: 300 }, expectedRequestsPerSecond: 5'),
    finding:
      'services/cart.yaml:12:35: slos.latency.targetPercent: no page on latency can fire: it would need 93.5 % slow requests; 50 % is a burn rate of only 2.99; use at least 83.4, or a tier below critical [SLO-002]',
    inside: cartSlos('latency: { targetPercent: 83.4, thresholdMs: 300 }, expectedRequestsPerSecond: 5'),
  },
  // stock is not critical, but cart is, and its watched call has the targets of stock.
  {
    rule: 'SLO-002',
    breaks: watchedStock(83.3),
    finding:
      'services/stock.yaml:8:35: slos.latency.targetPercent: no page on latency of cart → stock can fire: it would need 93.5 % slow requests; 50 % is a burn rate of only 2.99; use at least 83.4, or a tier below critical [SLO-002]',
    inside: watchedStock(83.4),
  },
  // The slower page fires at 28 % of the 120 responses in 6 h. 34 slow ones need 122 responses, 33 need 118.
  {
    rule: 'SLO-002',
    breaks: stockSlos('expectedRequestsPerSecond: 0.00555556, alertFloorFailedRequests: 34'),
    finding:
      'services/stock.yaml:8:74: slos.alertFloorFailedRequests: no page on latency can fire: slow responses have no counter, so it would need 122 responses for 34 slow ones, but only 120 arrive in 6 h; lower it, or remove it [SLO-002]',
    inside: stockSlos('expectedRequestsPerSecond: 0.00555556, alertFloorFailedRequests: 33'),
  },
  // The computed floor of the slower page is 8, which at 28 % needs 29 responses in 6 h.
  {
    rule: 'SLO-002',
    breaks: stockSlos('expectedRequestsPerSecond: 0.001342'),
    finding:
      'services/stock.yaml:8:36: slos.expectedRequestsPerSecond: no page on latency can fire: slow responses have no counter, so it would need 29 responses for 8 slow ones, but only 28.9872 arrive in 6 h; correct the rate, or lower the tier of the service [SLO-002]',
    inside: stockSlos('expectedRequestsPerSecond: 0.001343'),
  },
  {
    rule: 'SLO-002',
    breaks: withJourney('[web]', 83.3),
    finding:
      'mesh.yaml:9:39: journeys.buy.slos.latency.targetPercent: no page on latency can fire: it would need 93.5 % slow requests; 50 % is a burn rate of only 2.99; use at least 83.4, or a tier below critical [SLO-002]',
    inside: withJourney('[web]', 83.4),
  },
  // Calculated in __tests__/model/slo/burn-rate-alerts.test.ts.
  {
    rule: 'SLO-003',
    breaks: stockSlos('expectedRequestsPerSecond: 0.03, alertFloorFailedRequests: 8'),
    finding:
      'services/stock.yaml:8:68: slos.alertFloorFailedRequests: a floor of 8 failed or slow requests at 0.03 requests/s causes about 2 false tickets in 28 days; use at least 9, or remove it [SLO-003]',
    inside: stockSlos('expectedRequestsPerSecond: 0.03, alertFloorFailedRequests: 9'),
  },
  // 20 % below 320 ms is 256 ms; 100 % of 512 ms is exact.
  {
    rule: 'SLO-004',
    breaks: cartSlos('latency: { targetPercent: 95, thresholdMs: 321 }, expectedRequestsPerSecond: 5'),
    finding:
      'services/cart.yaml:12:52: slos.latency.thresholdMs: 321 ms would be measured at 256 ms, 20.2 % stricter; the limit is 20 %; use 256 to 320, or 512 [SLO-004]',
    inside: cartSlos('latency: { targetPercent: 95, thresholdMs: 320 }, expectedRequestsPerSecond: 5'),
  },
  {
    rule: 'SLO-004',
    breaks: withJourney('[web]', 95, 511),
    finding:
      'mesh.yaml:9:56: journeys.buy.slos.latency.thresholdMs: 511 ms would be measured at 256 ms, 49.9 % stricter; the limit is 20 %; use 256 to 320, or 512 [SLO-004]',
    inside: withJourney('[web]', 95, 512),
  },
  // 37 of the fixture, the canary of cart and the platform, and five for each critical service.
  {
    rule: 'SLO-005',
    breaks: withServices(393, 'critical'),
    finding:
      'environments/test.yaml:1:7: name: up to 2002 alert policies exceed the limit of 2000 per project; split the services over two environments [SLO-005]',
    inside: withServices(392, 'critical'),
  },
];

/** SLOs of cart, without a canary, which needs more requests. */
function cartSlos(slos: string): Changes {
  return edited(CART, 'slos: { expectedRequestsPerSecond: 5 }', `slos: { ${slos} }`, WITHOUT_CANARY);
}

/** SLOs of stock as a critical service. It has no canary, which would need more requests. */
function stockSlos(slos: string): Changes {
  const critical = edited(STOCK, 'tier: standard', 'tier: critical');
  return edited(STOCK, 'slos: { expectedRequestsPerSecond: 5 }', `slos: { ${slos} }`, critical);
}

function watchedStock(latencyPercent: number): Changes {
  return edited(
    STOCK,
    'slos: {',
    `slos: { latency: { targetPercent: ${latencyPercent}, thresholdMs: 128 },`,
    edited(CART, 'paths: [/stock/*] }', 'paths: [/stock/*], watched: true }'),
  );
}

function withJourney(entries: string, latencyPercent: number, thresholdMs = 300): Changes {
  return edited(
    'mesh.yaml',
    'domains:',
    `journeys:
  buy:
    description: How a shopper buys
    owner: team-web
    entries: ${entries}
    slos: { latency: { targetPercent: ${latencyPercent}, thresholdMs: ${thresholdMs} } }
domains:`,
  );
}
