import { mostAlertPolicies } from '../../../model/rules/slo/alert-policies-within-limit';
import { alertLoad, clausesOf } from '../../../model/slo/alert-load';
import { aCatalogue, edited } from '../../support/catalogue-fixture';

const shop = aCatalogue().environments[0]!;
const withoutCanary = aCatalogue(
  edited('releases/test.yaml', '    canary: { version: v2, weightPercent: 10 }\n', ''),
).environments[0]!;

test('an expression is a query for each comparison that reads a metric', () => {
  expect(
    clausesOf('sum(istio_io:a{code=~"5.. > or",x!="1"}) / sum(istio_io:b) > 0.1\nand\nistio_io:c >= 2'),
  ).toEqual(['sum(istio_io:a) / sum(istio_io:b) ', '\nistio_io:c ']);
  expect(clausesOf('absent(sum(increase(istio_io:a[10m])) > 0)')).toHaveLength(1);
  expect(clausesOf('(istio_io:a or vector(0)) > 1')).toHaveLength(1);
});

// cart: 2 pages and 2 tickets with 2 + 1 burn-rate alerts of 3 comparisons, and no traffic; stock and web: tickets.
test('counts evaluations and queries a minute', () => {
  const pages = 2 + 1 + 2;
  const tickets = 2 + 2 * 2;
  expect(alertLoad(withoutCanary)).toEqual({
    policies: 11,
    evaluationsPerMinute: Math.round(pages + tickets / 5),
    queriesPerMinute: Math.round(2 * 6 + 1 + 2 + (2 * 3 + 4 * 9) / 5),
    subqueryStepsPerMinute: 0,
  });
});

// Fast: 5 tiles for each query. Slow and shared: 240.
test('a canary adds six policies a minute, whose subqueries have a step for each tile', () => {
  const load = alertLoad(shop);
  const before = alertLoad(withoutCanary);

  expect(load.policies - before.policies).toBe(6);
  expect(load.evaluationsPerMinute - before.evaluationsPerMinute).toBe(6);
  expect(load.queriesPerMinute - before.queriesPerMinute).toBe(10 + 9 + 9 + 4 + 4 + 4);
  expect(load.subqueryStepsPerMinute).toBe((10 + 4) * 5 + (9 + 9 + 4 + 4) * 240);
});

test('the rule counts at least as many policies as there are', () => {
  for (const environment of [shop, withoutCanary])
    expect(mostAlertPolicies(environment)).toBeGreaterThanOrEqual(alertLoad(environment).policies);
});
