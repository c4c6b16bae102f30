import { edited } from '../catalogue-fixture';
import { BANK, CART, STOCK, TEST, WEB, type Changes, type RuleCase } from './rule-case';

const circuitBreaker = (value: string): Changes =>
  edited(STOCK, 'timeoutMs', `circuitBreaker: ${value}\ntimeoutMs`);
const outlierDetection = (value: string): Changes => circuitBreaker(`{ outlierDetection: ${value} }`);
/** cart without retries, so that its callees may have some. */
const cartWithoutRetries = edited(CART, 'attempts: 1, perTryTimeoutMs: 400', 'attempts: 0');
const stockWithRetries = (value: string, shop: Changes = {}): Changes =>
  edited(STOCK, 'timeoutMs', `retries: ${value}\ntimeoutMs`, shop);

/** cart with callers and pods in three zones. */
const cartOverZones = (circuitBreakerLine: string): Changes =>
  edited(CART, 'timeoutMs', `${circuitBreakerLine}timeoutMs`, edited(TEST, 'zones: [b]', 'zones: [b, c, d]'));

export const RESILIENCE_CASES: readonly RuleCase[] = [
  {
    rule: 'RES-001',
    breaks: edited(CART, 'perTryTimeoutMs: 400', 'perTryTimeoutMs: 488'),
    finding:
      'services/cart.yaml:11:42: retries.perTryTimeoutMs: 2 attempts of 488 ms and 25 ms of backoff take 1001 ms, longer than timeoutMs 1000; use at most 487, or raise timeoutMs [RES-001]',
    inside: edited(CART, 'perTryTimeoutMs: 400', 'perTryTimeoutMs: 487'),
  },
  {
    rule: 'RES-002',
    breaks: edited(BANK, 'timeoutMs', 'retries: { attempts: 1 }\ntimeoutMs', cartWithoutRetries),
    finding:
      'external/bank.yaml:5:22: retries.attempts: 1 retry without perTryTimeoutMs; add a perTryTimeoutMs of at most 62 [RES-002]',
    inside: edited(
      BANK,
      'timeoutMs',
      'retries: { attempts: 1, perTryTimeoutMs: 62 }\ntimeoutMs',
      cartWithoutRetries,
    ),
  },
  {
    rule: 'RES-003',
    breaks: stockWithRetries('{ attempts: 1, perTryTimeoutMs: 80 }'),
    finding:
      'services/stock.yaml:7:22: retries.attempts: one request causes up to 4 attempts along web → cart → stock, more than 3; retry in one layer of the path only, preferably directly above the failing service [RES-003]',
    inside: stockWithRetries('{ attempts: 2, perTryTimeoutMs: 33 }', cartWithoutRetries),
  },
  {
    rule: 'RES-004',
    breaks: edited(WEB, 'timeoutMs: 2000', 'timeoutMs: 1000'),
    finding:
      "services/web.yaml:10:16: calls[0].service: 'cart' may take 1000 ms, but one attempt of 'web' times out after 1000 ms; raise the timeout of the caller, or lower timeoutMs of the callee [RES-004]",
    inside: edited(WEB, 'timeoutMs: 2000', 'timeoutMs: 1001'),
  },
  {
    rule: 'RES-005',
    breaks: edited(BANK, 'timeoutMs: 150', 'timeoutMs: 200'),
    finding:
      'services/cart.yaml:11:42: retries.perTryTimeoutMs: stock 200 + bank 200 is 400 ms, not less than 400 ms; raise the timeout, lower those of the callees, or add a waiver if the calls are made in parallel [RES-005]',
    inside: edited(BANK, 'timeoutMs: 150', 'timeoutMs: 199'),
  },
  {
    rule: 'RES-006',
    breaks: edited(CART, 'timeoutMs', 'circuitBreaker: { maxRetries: 41 }\ntimeoutMs'),
    finding:
      'services/cart.yaml:10:31: circuitBreaker.maxRetries: 41 retries in flight are more than 20 % of 200 requests; use at most 40 [RES-006]',
    inside: edited(CART, 'timeoutMs', 'circuitBreaker: { maxRetries: 40 }\ntimeoutMs'),
  },
  {
    rule: 'RES-007',
    breaks: outlierDetection('{ maxEjectionPercent: 49 }'),
    finding:
      'services/stock.yaml:7:59: circuitBreaker.outlierDetection.maxEjectionPercent: 49 % of 2 endpoints is less than one; use at least 50 [RES-007]',
    inside: outlierDetection('{ maxEjectionPercent: 50 }'),
  },
  {
    rule: 'RES-008',
    breaks: outlierDetection('{ maxEjectionPercent: 51 }'),
    finding:
      "services/stock.yaml:7:59: circuitBreaker.outlierDetection.maxEjectionPercent: 51 % of a version's endpoints may be ejected at the same time; use at most 50 [RES-008]",
    inside: outlierDetection('{ maxEjectionPercent: 50 }'),
  },
  {
    rule: 'RES-009',
    breaks: outlierDetection('{ consecutive5xxErrors: 2 }'),
    finding:
      'services/stock.yaml:7:61: circuitBreaker.outlierDetection.consecutive5xxErrors: 2 consecutive errors eject an endpoint; use at least 3 [RES-009]',
    inside: outlierDetection('{ consecutive5xxErrors: 3, intervalSeconds: 5 }'),
  },
  {
    rule: 'RES-009',
    breaks: outlierDetection('{ intervalSeconds: 4 }'),
    finding:
      'services/stock.yaml:7:56: circuitBreaker.outlierDetection.intervalSeconds: an interval of 4 s has too few requests; use at least 5 [RES-009]',
    inside: outlierDetection('{ intervalSeconds: 5 }'),
  },
  {
    rule: 'RES-009',
    breaks: edited(BANK, 'timeoutMs', 'circuitBreaker: { consecutive5xxErrors: 1 }\ntimeoutMs'),
    finding:
      'external/bank.yaml:5:41: circuitBreaker.consecutive5xxErrors: 1 consecutive error ejects an endpoint; use at least 3 [RES-009]',
    inside: edited(BANK, 'timeoutMs', 'circuitBreaker: { consecutive5xxErrors: 3 }\ntimeoutMs'),
  },
  {
    rule: 'RES-010',
    breaks: circuitBreaker('{ maxRequests: 1 }'),
    finding:
      'services/stock.yaml:7:32: circuitBreaker.maxRequests: 1 is less than the 2 of each of 2 client proxies at 2 × 5 requests/s of 300 ms; use at least 2 [RES-010]',
    inside: circuitBreaker('{ maxRequests: 2 }'),
  },
  {
    rule: 'RES-010',
    breaks: circuitBreaker('{ maxConnections: 1 }'),
    finding:
      'services/stock.yaml:7:35: circuitBreaker.maxConnections: 1 is less than the 2 of each of 2 client proxies at 2 × 5 requests/s of 300 ms; use at least 2 [RES-010]',
    inside: circuitBreaker('{ maxConnections: 2 }'),
  },
  {
    rule: 'RES-011',
    breaks: circuitBreaker('{ maxRequests: 61 }\nrequestsInFlightPerReplica: 100'),
    finding:
      'services/stock.yaml:7:32: circuitBreaker.maxRequests: 20 client proxies may have 1220 requests in flight, but 10 pods serve 1000; use at most 60, or raise maxReplicas [RES-011]',
    inside: circuitBreaker('{ maxRequests: 60 }\nrequestsInFlightPerReplica: 100'),
  },
  {
    rule: 'RES-012',
    breaks: cartOverZones('circuitBreaker: { maxRetries: 2 }\n'),
    finding:
      'services/cart.yaml:10:31: circuitBreaker.maxRetries: 2 retries in flight are less than the 3 of each of 1 client proxy when a zone with 50 % of the pods is lost, at 2 × 5 requests/s; use at least 3 [RES-012]',
    inside: cartOverZones('circuitBreaker: { maxRetries: 3 }\n'),
  },
  {
    rule: 'RES-013',
    breaks: edited(CART, 'timeoutMs', 'circuitBreaker: { connectTimeoutMs: 401 }\ntimeoutMs'),
    finding:
      'services/cart.yaml:10:37: circuitBreaker.connectTimeoutMs: connecting may take 401 ms, longer than perTryTimeoutMs 400; use at most 400, or leave it out [RES-013]',
    inside: edited(CART, 'timeoutMs', 'circuitBreaker: { connectTimeoutMs: 400 }\ntimeoutMs'),
  },
];
