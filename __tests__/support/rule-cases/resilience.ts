import { edited } from '../catalogue-fixture';
import { BANK, CART, STOCK, WEB, type Changes, type RuleCase } from './rule-case';

const circuitBreaker = (words: string): Changes =>
  edited(STOCK, 'timeoutMs', `circuitBreaker: ${words}\ntimeoutMs`);
const outliers = (words: string): Changes => circuitBreaker(`{ outlierDetection: ${words} }`);
/** The cart that leaves retries to what it calls. */
const untriedCart = edited(CART, 'attempts: 1, perTryTimeoutMs: 400', 'attempts: 0');
const retriedStock = (words: string, shop: Changes = {}): Changes =>
  edited(STOCK, 'timeoutMs', `retries: ${words}\ntimeoutMs`, shop);

export const RESILIENCE_CASES: readonly RuleCase[] = [
  {
    rule: 'RES-001',
    breaks: edited(CART, 'perTryTimeoutMs: 400', 'perTryTimeoutMs: 488'),
    finding:
      'services/cart.yaml:11:42: retries.perTryTimeoutMs: 2 tries of 488 ms with 25 ms between them take 1001 ms, longer than timeoutMs 1000; use at most 487, or lengthen timeoutMs [RES-001]',
    inside: edited(CART, 'perTryTimeoutMs: 400', 'perTryTimeoutMs: 487'),
  },
  {
    rule: 'RES-002',
    breaks: edited(BANK, 'timeoutMs', 'retries: { attempts: 1 }\ntimeoutMs', untriedCart),
    finding:
      'external/bank.yaml:5:22: retries.attempts: 1 retry without perTryTimeoutMs; add a perTryTimeoutMs of at most 62 [RES-002]',
    inside: edited(
      BANK,
      'timeoutMs',
      'retries: { attempts: 1, perTryTimeoutMs: 62 }\ntimeoutMs',
      untriedCart,
    ),
  },
  {
    rule: 'RES-003',
    breaks: retriedStock('{ attempts: 1, perTryTimeoutMs: 80 }'),
    finding:
      'services/stock.yaml:7:22: retries.attempts: one request becomes 4 tries along web → cart → stock, more than 3; retry in one layer of the path only, best in the one next to what fails [RES-003]',
    inside: retriedStock('{ attempts: 2, perTryTimeoutMs: 33 }', untriedCart),
  },
  {
    rule: 'RES-004',
    breaks: edited(WEB, 'timeoutMs: 2000', 'timeoutMs: 1000'),
    finding:
      "services/web.yaml:10:16: calls[0].service: 'cart' may take 1000 ms, and one try of 'web' takes 1000 ms at most; lengthen the time of the caller, or shorten timeoutMs of the callee [RES-004]",
    inside: edited(WEB, 'timeoutMs: 2000', 'timeoutMs: 1001'),
  },
  {
    rule: 'RES-005',
    breaks: edited(BANK, 'timeoutMs: 150', 'timeoutMs: 200'),
    finding:
      'services/cart.yaml:11:42: retries.perTryTimeoutMs: stock 200 + bank 200 make 400 ms, not below 400 ms; lengthen the time, shorten those of the callees, or waive it where the calls are made side by side [RES-005]',
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
    breaks: outliers('{ maxEjectionPercent: 49 }'),
    finding:
      'services/stock.yaml:7:59: circuitBreaker.outlierDetection.maxEjectionPercent: 49 % of 2 endpoints is less than one; use at least 50 [RES-007]',
    inside: outliers('{ maxEjectionPercent: 50 }'),
  },
  {
    rule: 'RES-008',
    breaks: outliers('{ maxEjectionPercent: 51 }'),
    finding:
      "services/stock.yaml:7:59: circuitBreaker.outlierDetection.maxEjectionPercent: 51 % of a version's endpoints may be out at once; use at most 50 [RES-008]",
    inside: outliers('{ maxEjectionPercent: 50 }'),
  },
  {
    rule: 'RES-009',
    breaks: outliers('{ consecutive5xxErrors: 2 }'),
    finding:
      'services/stock.yaml:7:61: circuitBreaker.outlierDetection.consecutive5xxErrors: 2 errors in a row eject an endpoint; use at least 3 [RES-009]',
    inside: outliers('{ consecutive5xxErrors: 3, intervalSeconds: 5 }'),
  },
  {
    rule: 'RES-009',
    breaks: outliers('{ intervalSeconds: 4 }'),
    finding:
      'services/stock.yaml:7:56: circuitBreaker.outlierDetection.intervalSeconds: an analysis every 4 s sees too few requests; use at least 5 [RES-009]',
    inside: outliers('{ intervalSeconds: 5 }'),
  },
  {
    rule: 'RES-009',
    breaks: edited(BANK, 'timeoutMs', 'circuitBreaker: { consecutive5xxErrors: 1 }\ntimeoutMs'),
    finding:
      'external/bank.yaml:5:41: circuitBreaker.consecutive5xxErrors: 1 error ejects an endpoint; use at least 3 [RES-009]',
    inside: edited(BANK, 'timeoutMs', 'circuitBreaker: { consecutive5xxErrors: 3 }\ntimeoutMs'),
  },
  {
    rule: 'RES-010',
    breaks: circuitBreaker('{ maxRequests: 1 }'),
    finding:
      'services/stock.yaml:7:32: circuitBreaker.maxRequests: 1 is less than the 2 that each of 2 client proxies carries at 2 × 5 requests/s of 300 ms; use at least 2 [RES-010]',
    inside: circuitBreaker('{ maxRequests: 2 }'),
  },
  {
    rule: 'RES-010',
    breaks: circuitBreaker('{ maxConnections: 1 }'),
    finding:
      'services/stock.yaml:7:35: circuitBreaker.maxConnections: 1 is less than the 2 that each of 2 client proxies carries at 2 × 5 requests/s of 300 ms; use at least 2 [RES-010]',
    inside: circuitBreaker('{ maxConnections: 2 }'),
  },
  {
    rule: 'RES-011',
    breaks: circuitBreaker('{ maxRequests: 61 }\nrequestsInFlightPerReplica: 100'),
    finding:
      'services/stock.yaml:7:32: circuitBreaker.maxRequests: 20 client proxies may send 1220 requests at once, and 10 pods take 1000; use at most 60, or raise maxReplicas [RES-011]',
    inside: circuitBreaker('{ maxRequests: 60 }\nrequestsInFlightPerReplica: 100'),
  },
];
