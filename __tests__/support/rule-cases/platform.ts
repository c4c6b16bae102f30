import { edited } from '../catalogue-fixture';
import { BANK, CART, RELEASE, STOCK, TEST, WEB, type Changes, type RuleCase } from './rule-case';

/** The small shop with that many services that nobody calls. */
function withServices(count: number): Changes {
  const text = edited(STOCK, 'description', 'description')[STOCK] ?? '';
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `services/more-${index}.yaml`,
      text.replace('name: stock', `name: more-${index}`),
    ]),
  );
}

/** The small shop with that many domains more. */
function withDomains(count: number): Changes {
  const people = 'description: Sells even more, operators: ops@shop.example, viewers: all@shop.example';
  const more = Array.from({ length: count }, (_, index) => `  more-${index}: { ${people} }\n`);
  return edited('mesh.yaml', 'domains:\n', `domains:\n${more.join('')}`);
}

/** A second environment: the first under another name. */
function another(project: string): Changes {
  const first = edited(TEST, 'name: test', 'name: trial')[TEST] ?? '';
  return {
    'environments/trial.yaml': first.replace("project: { id: shop-test, number: '123456789012' }", project),
    'releases/trial.yaml': null,
  };
}

const carded = edited(CART, 'pciScope: connected', 'pciScope: cardholder-data');
const publicCart = (jwt: string): Changes =>
  edited(
    CART,
    'calls:',
    `ingress: [{ host: api, methods: [GET], paths: [/carts/*], jwt: ${jwt} }]\ncalls:`,
    edited(WEB, 'out-of-scope', 'connected', carded),
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

/** A canary asks for more requests than some of the cases have. */
const WITHOUT_CANARY = edited(
  RELEASE,
  '    canary: { version: v2, weightPercent: 10 }\n',
  '',
  edited(CART, 'canary: { calls: [stock], stepsPercent: [25, 50, 100] }\n', ''),
);

export const PLATFORM_CASES: readonly RuleCase[] = [
  // Three services and a domain of the shop, and six policies of the mesh itself.
  {
    rule: 'PLT-001',
    breaks: withDomains(991),
    finding:
      'environments/test.yaml:1:7: name: about 1001 AuthorizationPolicies, and the mesh takes 1000; split the shop over two fleets before it grows further [PLT-001]',
    inside: withDomains(990),
  },
  {
    rule: 'PLT-002',
    breaks: another("project: { id: shop-test, number: '123456789013' }"),
    finding:
      "environments/trial.yaml:2:16: project.id: 'shop-test' is also the project of environment 'test'; use one project an environment [PLT-002]",
    inside: another("project: { id: shop-trial, number: '123456789013' }"),
  },
  {
    rule: 'PLT-002',
    breaks: another("project: { id: shop-trial, number: '123456789012' }"),
    finding:
      "environments/trial.yaml:2:36: project.number: '123456789012' is also the project of environment 'test'; use one project an environment [PLT-002]",
    inside: another("project: { id: shop-trial, number: '123456789013' }"),
  },
  {
    rule: 'PLT-003',
    breaks: edited(STOCK, 'timeoutMs', 'port: 15000\ntimeoutMs'),
    finding:
      'services/stock.yaml:7:7: port: 15000 belongs to the proxy beside the app; use a port outside of 15000 to 15100 [PLT-003]',
    inside: edited(STOCK, 'timeoutMs', 'port: 14999\ntimeoutMs'),
  },
  {
    rule: 'PLT-003',
    breaks: edited(STOCK, 'timeoutMs', 'port: 15100\ntimeoutMs'),
    finding:
      'services/stock.yaml:7:7: port: 15100 belongs to the proxy beside the app; use a port outside of 15000 to 15100 [PLT-003]',
    inside: edited(STOCK, 'timeoutMs', 'port: 15101\ntimeoutMs'),
  },
  // Two for each, one more for the canary, and ten of the mesh itself.
  {
    rule: 'PLT-004',
    breaks: withServices(492),
    finding:
      'environments/test.yaml:1:7: name: about 1001 Kubernetes Services, and the mesh takes 1000 a project; ask for a larger quota, or split the shop over two fleets, before it grows further [PLT-004]',
    inside: withServices(491),
  },
  {
    rule: 'SEC-001',
    breaks: carded,
    finding:
      "services/web.yaml:10:16: calls[0].service: 'web' is out of scope and calls 'cart', which handles card data; declare the caller pciScope 'connected', or remove the call [SEC-001]",
    inside: edited(WEB, 'out-of-scope', 'connected', carded),
  },
  {
    rule: 'SEC-002',
    breaks: edited(BANK, 'timeoutMs', 'cardholderData: true\ntimeoutMs'),
    finding:
      "services/cart.yaml:9:17: calls[1].external: 'bank' takes card data, and 'cart' is connected; let a service with pciScope 'cardholder-data' make the call [SEC-002]",
    inside: edited(
      BANK,
      'timeoutMs',
      'cardholderData: true\ntimeoutMs',
      edited(WEB, 'out-of-scope', 'connected', carded),
    ),
  },
  {
    rule: 'SEC-003',
    breaks: publicCart('none'),
    finding:
      "services/cart.yaml:7:64: ingress[0].jwt: [/carts/*] of 'cart', which handles card data, needs no token; set jwt: 'required' on the route [SEC-003]",
    inside: publicCart('required'),
  },
  {
    rule: 'SEC-004',
    breaks: openRoute('[/carts/1]'),
    finding:
      'services/cart.yaml:9:41: ingress[1].paths: [/carts/1] needs no token and covers requests of [/carts/*], which does; give the open route methods or paths of its own [SEC-004]',
    inside: openRoute('[/cartons]'),
  },
  {
    rule: 'SLO-001',
    breaks: edited(BANK, 'timeoutMs', 'availabilityPercent: 99.99\ntimeoutMs'),
    finding:
      "services/cart.yaml:12:7: slos.availability.targetPercent: 99.9 % is above the 99.89 % that stock, bank together promise; use at most 99.89, or mark a call that it can do without as 'optional' [SLO-001]",
    inside: edited(
      BANK,
      'timeoutMs',
      'availabilityPercent: 99.99\ntimeoutMs',
      edited(CART, 'paths: [/charges] }', 'paths: [/charges], optional: true }'),
    ),
  },
  // Half of the requests failing burns a budget of 16.7 % 2.99 times too fast; a page wants 3.
  {
    rule: 'SLO-002',
    breaks: cartSlos('latency: { targetPercent: 83.3, thresholdMs: 300 }, expectedRequestsPerSecond: 5'),
    finding:
      'services/cart.yaml:12:35: slos.latency.targetPercent: no alert on latency would page: 93.5 % of the requests would have to be bad; 50 % burn the budget only 2.99 times too fast; use at least 83.4, or a tier below critical [SLO-002]',
    inside: cartSlos('latency: { targetPercent: 83.4, thresholdMs: 300 }, expectedRequestsPerSecond: 5'),
  },
  // The stock itself wakes nobody, but the cart does if its calls of the stock break what that promises.
  {
    rule: 'SLO-002',
    breaks: watchedStock(83.3),
    finding:
      'services/stock.yaml:8:35: slos.latency.targetPercent: no alert on latency of cart → stock would page: 93.5 % of the requests would have to be bad; 50 % burn the budget only 2.99 times too fast; use at least 83.4, or a tier below critical [SLO-002]',
    inside: watchedStock(83.4),
  },
  // The slower page fires at 28 % of the 120 answers of 6 h. 34 slow ones are sure to be among 122 then, 33 among 118.
  {
    rule: 'SLO-002',
    breaks: stockSlos('expectedRequestsPerSecond: 0.00555556, alertFloorFailedRequests: 34'),
    finding:
      'services/stock.yaml:8:71: slos.alertFloorFailedRequests: no alert on latency would page: slow answers are not counted, so 122 answers would have to be there for 34 slow ones, and 6 h bring 120; lower the floor, or leave it out [SLO-002]',
    inside: stockSlos('expectedRequestsPerSecond: 0.00555556, alertFloorFailedRequests: 33'),
  },
  // The floor that is computed for the slower page is 8, which at 28 % takes 29 answers in 6 h.
  {
    rule: 'SLO-002',
    breaks: stockSlos('expectedRequestsPerSecond: 0.001342'),
    finding:
      'services/stock.yaml:8:36: slos.expectedRequestsPerSecond: no alert on latency would page: slow answers are not counted, so 29 answers would have to be there for 8 slow ones, and 6 h bring 28.9872; correct the rate, or lower the tier of the service [SLO-002]',
    inside: stockSlos('expectedRequestsPerSecond: 0.001343'),
  },
  {
    rule: 'SLO-002',
    breaks: withJourney('[web]', 83.3),
    finding:
      'mesh.yaml:9:39: journeys.buy.slos.latency.targetPercent: no alert on latency would page: 93.5 % of the requests would have to be bad; 50 % burn the budget only 2.99 times too fast; use at least 83.4, or a tier below critical [SLO-002]',
    inside: withJourney('[web]', 83.4),
  },
  // See the sums in __tests__/model/slo/burn-rate-alerts.test.ts.
  {
    rule: 'SLO-003',
    breaks: stockSlos('expectedRequestsPerSecond: 0.03, alertFloorFailedRequests: 8'),
    finding:
      'services/stock.yaml:8:65: slos.alertFloorFailedRequests: 8 bad of 0.03 requests/s would ticket about 2 times in 28 days with nothing wrong; use at least 9, or leave it out [SLO-003]',
    inside: stockSlos('expectedRequestsPerSecond: 0.03, alertFloorFailedRequests: 9'),
  },
];

/** Of a cart without a canary, which so few requests would not allow. */
function cartSlos(slos: string): Changes {
  return edited(CART, 'slos: { expectedRequestsPerSecond: 5 }', `slos: { ${slos} }`, WITHOUT_CANARY);
}

/** Critical, and without the canary that the cart has, whose steps want more requests. */
function stockSlos(slos: string): Changes {
  const critical = edited(STOCK, 'tier: standard', 'tier: critical');
  return edited(STOCK, 'slos: { expectedRequestsPerSecond: 5 }', `slos: { ${slos} }`, critical);
}

function watchedStock(latencyPercent: number): Changes {
  return edited(
    STOCK,
    'slos: {',
    `slos: { latency: { targetPercent: ${latencyPercent}, thresholdMs: 100 },`,
    edited(CART, 'paths: [/stock/*] }', 'paths: [/stock/*], watched: true }'),
  );
}

function withJourney(entries: string, latencyPercent: number): Changes {
  return edited(
    'mesh.yaml',
    'domains:',
    `journeys:
  buy:
    description: What a visitor came for
    owner: team-web
    entries: ${entries}
    slos: { latency: { targetPercent: ${latencyPercent}, thresholdMs: 300 } }
domains:`,
  );
}
