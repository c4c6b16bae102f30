import { aCatalogue, edited, messagesOf } from '../support/catalogue-fixture';
import { CART, STOCK, TEST } from '../support/rule-cases/rule-case';

const HASTY = 'circuitBreaker: { outlierDetection: { consecutive5xxErrors: 2 } }';

/** The stock with a hasty breaker and a waiver. The fixture's day is 2026-01-31. */
function waived(rule: string, expires: string, file = STOCK) {
  const waiver = `waivers: [{ rule: ${rule}, reason: a test of the breaker, owner: team-a, expires: '${expires}' }]`;
  return edited(file, 'timeoutMs', `${waiver}\ntimeoutMs`, edited(STOCK, 'timeoutMs', `${HASTY}\ntimeoutMs`));
}

test('a waiver silences its rule in its file, and is listed', () => {
  const catalogue = aCatalogue(waived('RES-009', '2026-01-31'));

  expect(catalogue.warnings).toEqual([]);
  expect(catalogue.waivers).toEqual([
    {
      ...{ file: 'services/stock.yaml', rule: 'RES-009', owner: 'team-a' },
      ...{ reason: 'a test of the breaker', expires: '2026-01-31' },
    },
  ]);
});

test('fails on a waiver the day after its last, and on what it waived', () => {
  expect(messagesOf(waived('RES-009', '2026-01-30'))).toEqual([
    'services/stock.yaml:7:61: circuitBreaker.outlierDetection.consecutive5xxErrors: 2 errors in a row eject an endpoint; use at least 3 [RES-009]',
    'services/stock.yaml:8:83: waivers[0].expires: the waiver of RES-009 expired on 2026-01-30; put right what it waives',
  ]);
});

test('fails on a waiver of no rule', () => {
  expect(messagesOf(waived('RES-999', '2026-01-31'))[1]).toBe(
    "services/stock.yaml:8:19: waivers[0].rule: 'RES-999' is no rule; did you mean 'RES-009'?",
  );
});

test('a waiver in one file says nothing of another, and an idle one is told', () => {
  expect(messagesOf(waived('RES-009', '2026-01-31', CART))).toEqual([
    'services/stock.yaml:7:61: circuitBreaker.outlierDetection.consecutive5xxErrors: 2 errors in a row eject an endpoint; use at least 3 [RES-009]',
    'services/cart.yaml:10:19: waivers[0].rule: RES-009 is waived and not broken; remove the waiver',
  ]);
  const idle = edited(
    TEST,
    'jwt:',
    "waivers: [{ rule: PRD-005, reason: nothing to waive, owner: team-a, expires: '2026-12-31' }]\njwt:",
  );
  expect(messagesOf(idle)).toEqual([
    'environments/test.yaml:6:19: waivers[0].rule: PRD-005 is waived and not broken; remove the waiver',
  ]);
});

test('fails on a violation that several environments share once, and names them where they differ', () => {
  const second = {
    'environments/trial.yaml': (edited(TEST, 'name: test', 'name: trial')[TEST] ?? '')
      .replace("id: shop-test, number: '123456789012'", "id: shop-trial, number: '123456789013'")
      .replace('notifications', 'services: { stock: { autoscaling: { minReplicas: 4 } } }\nnotifications'),
  };
  const shared = edited(STOCK, 'timeoutMs', `${HASTY}\ntimeoutMs`, second);
  const different = edited(STOCK, 'timeoutMs', 'disruptionBudget: { maxUnavailable: 2 }\ntimeoutMs', second);

  expect(messagesOf(shared)).toEqual([
    'services/stock.yaml:7:61: circuitBreaker.outlierDetection.consecutive5xxErrors: 2 errors in a row eject an endpoint; use at least 3 [RES-009]',
  ]);
  expect(messagesOf(different)).toEqual([
    'services/stock.yaml:7:37: disruptionBudget.maxUnavailable: 2 of 2 pods may be evicted at once (in test); use at most 1 [SCL-003]',
  ]);
});
