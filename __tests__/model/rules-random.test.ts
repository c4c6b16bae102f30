import fc from 'fast-check';
import { parse } from 'yaml';
import { checkedFixture } from '../support/catalogue-fixture';
import type { Changes } from '../support/rule-cases/rule-case';
import { shops } from '../support/shops';

const rulesOf = (changes: Changes) => {
  const { violations, warnings } = checkedFixture(changes);
  return [...violations, ...warnings].map(({ ruleId, ...violation }) => ruleId ?? JSON.stringify(violation));
};

test('a valid random catalogue has no violations', () => {
  fc.assert(
    fc.property(shops, (shop) => expect(rulesOf(shop)).toEqual([])),
    { numRuns: 60 },
  );
});

/** A parsed service file. */
type File = any;

/** Edits of service `s0`, with the rule that each violates. */
const MUTATIONS: readonly (readonly [string, string, (s0: File) => void])[] = [
  [
    'RES-001',
    'attempts longer than the timeout',
    (s0) => (s0.retries = { attempts: 1, perTryTimeoutMs: s0.timeoutMs }),
  ],
  ['RES-002', 'retries without a per-attempt timeout', (s0) => (s0.retries = { attempts: 1 })],
  ['RES-006', 'too many retries in flight', (s0) => (s0.circuitBreaker = { maxRetries: 999 })],
  [
    'RES-007',
    'an ejection percentage below one endpoint',
    (s0) => (s0.circuitBreaker = { outlierDetection: { maxEjectionPercent: 9 } }),
  ],
  [
    'RES-008',
    'ejection of every endpoint',
    (s0) => (s0.circuitBreaker = { outlierDetection: { maxEjectionPercent: 100 } }),
  ],
  [
    'RES-009',
    'ejection after one error',
    (s0) => (s0.circuitBreaker = { outlierDetection: { consecutive5xxErrors: 1 } }),
  ],
  ['RES-010', 'a circuit breaker below the expected load', (s0) => (s0.circuitBreaker = { maxRequests: 1 })],
  ['RES-011', "a circuit breaker above the pods' capacity", (s0) => (s0.requestsInFlightPerReplica = 1)],
  [
    'SCL-003',
    'a disruption budget for every pod',
    (s0) => (s0.disruptionBudget = { maxUnavailable: s0.autoscaling.minReplicas }),
  ],
  ['PLT-003', "the proxy's port", (s0) => (s0.port = 15_001)],
  [
    'SEC-003',
    'card data without a token',
    (s0) => ([s0.pciScope, s0.ingress[0].jwt] = ['cardholder-data', 'none']),
  ],
  [
    'SEC-004',
    'a route without a token that overlaps one with a token',
    (s0) => s0.ingress.push({ ...s0.ingress[0], jwt: 'none' }),
  ],
];

describe('one edit of a valid random catalogue violates exactly one rule', () => {
  test.each(MUTATIONS)('%s by %s', (rule, _edit, mutate) => {
    fc.assert(
      fc.property(shops, (shop) => {
        const s0: File = parse(shop['services/s0.yaml'] ?? '');
        // A fixed ingress and a single attempt, so that no other rule is close to a violation.
        s0.ingress = [{ host: 'api', methods: ['GET'], paths: ['/s0/*'], jwt: 'required' }];
        s0.retries = { attempts: rule === 'RES-006' ? 1 : 0 };
        s0.retries.perTryTimeoutMs =
          s0.retries.attempts === 0 ? undefined : Math.floor(s0.timeoutMs / 2) - 13;
        s0.calls = [];
        s0.pciScope = 'connected';
        delete s0.canary;
        const { services } = JSON.parse(shop['releases/test.yaml'] ?? '');
        delete services.s0;
        mutate(s0);
        const changed = {
          ...shop,
          'services/s0.yaml': JSON.stringify(s0),
          'releases/test.yaml': JSON.stringify({ services }),
        };
        expect([...new Set(rulesOf(changed))]).toEqual([rule]);
      }),
      { numRuns: 25 },
    );
  });
});
