import { aCatalogue, edited, messagesOf } from '../support/catalogue-fixture';
import { CART, STOCK, TEST } from '../support/rule-cases/rule-case';

const VIOLATION = 'circuitBreaker: { outlierDetection: { consecutive5xxErrors: 2 } }';

/** `stock` with a violation of RES-009, and a waiver in `file`. The tests' date is 2026-01-31. */
function waived(rule: string, expires: string, file = STOCK) {
  const waiver = `waivers: [{ rule: ${rule}, reason: a test of the waiver, owner: team-a, expires: '${expires}' }]`;
  return edited(
    file,
    'timeoutMs',
    `${waiver}\ntimeoutMs`,
    edited(STOCK, 'timeoutMs', `${VIOLATION}\ntimeoutMs`),
  );
}

test('a waiver suppresses its rule in its file and is listed', () => {
  const catalogue = aCatalogue(waived('RES-009', '2026-01-31'));

  expect(catalogue.warnings).toEqual([]);
  expect(catalogue.waivers).toEqual([
    {
      file: 'services/stock.yaml',
      rule: 'RES-009',
      owner: 'team-a',
      reason: 'a test of the waiver',
      expires: '2026-01-31',
    },
  ]);
});

test('an expired waiver is reported, and so is the violation', () => {
  expect(messagesOf(waived('RES-009', '2026-01-30'))).toEqual([
    'services/stock.yaml:7:61: circuitBreaker.outlierDetection.consecutive5xxErrors: 2 consecutive errors eject an endpoint; use at least 3 [RES-009]',
    'services/stock.yaml:8:82: waivers[0].expires: the waiver of RES-009 expired on 2026-01-30; fix the violation and remove the waiver',
  ]);
});

test('a waiver of an unknown rule is reported', () => {
  expect(messagesOf(waived('RES-999', '2026-01-31'))[1]).toBe(
    "services/stock.yaml:8:19: waivers[0].rule: 'RES-999' is not a known rule; did you mean 'RES-009'?",
  );
});

test('a waiver applies to its file only, and an unused waiver is reported', () => {
  expect(messagesOf(waived('RES-009', '2026-01-31', CART))).toEqual([
    'services/stock.yaml:7:61: circuitBreaker.outlierDetection.consecutive5xxErrors: 2 consecutive errors eject an endpoint; use at least 3 [RES-009]',
    'services/cart.yaml:10:19: waivers[0].rule: the waiver of RES-009 has no violation; remove the waiver',
  ]);
  const unused = edited(
    TEST,
    'jwt:',
    "waivers: [{ rule: PRD-005, reason: nothing to waive, owner: team-a, expires: '2026-12-31' }]\njwt:",
  );
  expect(messagesOf(unused)).toEqual([
    'environments/test.yaml:6:19: waivers[0].rule: the waiver of PRD-005 has no violation; remove the waiver',
  ]);
});

test('a violation of several environments is reported once, with the environments unless all have it', () => {
  const second = {
    'environments/trial.yaml': (edited(TEST, 'name: test', 'name: trial')[TEST] ?? '')
      .replace("id: shop-test, number: '123456789012'", "id: shop-trial, number: '123456789013'")
      .replace(
        'web: www.shop.example, api: api.shop.example',
        'web: trial.shop.example, api: trial-api.shop.example',
      )
      .replace('notifications', 'services: { stock: { autoscaling: { minReplicas: 4 } } }\nnotifications'),
  };
  const shared = edited(STOCK, 'timeoutMs', `${VIOLATION}\ntimeoutMs`, second);
  const different = edited(STOCK, 'timeoutMs', 'disruptionBudget: { maxUnavailable: 2 }\ntimeoutMs', second);

  expect(messagesOf(shared)).toEqual([
    'services/stock.yaml:7:61: circuitBreaker.outlierDetection.consecutive5xxErrors: 2 consecutive errors eject an endpoint; use at least 3 [RES-009]',
  ]);
  expect(messagesOf(different)).toEqual([
    'services/stock.yaml:7:37: disruptionBudget.maxUnavailable: 2 of 2 pods may be evicted at the same time (in test); use at most 1 [SCL-003]',
  ]);
});
