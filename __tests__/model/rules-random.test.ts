import fc from 'fast-check';
import { parse } from 'yaml';
import { checkedCatalogue } from '../support/catalogue-fixture';
import type { Changes } from '../support/rule-cases/rule-case';
import { shops } from '../support/shops';

const rulesOf = (changes: Changes) => {
  const { violations, warnings } = checkedCatalogue(changes);
  return [...violations, ...warnings].map(({ ruleId, ...violation }) => ruleId ?? JSON.stringify(violation));
};

test('a shop that an expert would pass raises nothing', () => {
  fc.assert(
    fc.property(shops, (shop) => expect(rulesOf(shop)).toEqual([])),
    { numRuns: 60 },
  );
});

/** A service file as data. */
type File = any;

/** What one hasty edit makes of the first service, `s0`, and what is then broken. */
const MUTATIONS: readonly (readonly [string, string, (s0: File) => void])[] = [
  [
    'RES-001',
    'tries longer than the timeout',
    (s0) => (s0.retries = { attempts: 1, perTryTimeoutMs: s0.timeoutMs }),
  ],
  ['RES-002', 'retries without a time for each', (s0) => (s0.retries = { attempts: 1 })],
  ['RES-006', 'a storm of retries', (s0) => (s0.circuitBreaker = { maxRetries: 999 })],
  [
    'RES-007',
    'a share of no endpoint',
    (s0) => (s0.circuitBreaker = { outlierDetection: { maxEjectionPercent: 9 } }),
  ],
  [
    'RES-008',
    'every endpoint at once',
    (s0) => (s0.circuitBreaker = { outlierDetection: { maxEjectionPercent: 100 } }),
  ],
  [
    'RES-009',
    'ejection by one error',
    (s0) => (s0.circuitBreaker = { outlierDetection: { consecutive5xxErrors: 1 } }),
  ],
  ['RES-010', 'a breaker for one request', (s0) => (s0.circuitBreaker = { maxRequests: 1 })],
  ['RES-011', 'a breaker above all pods', (s0) => (s0.requestsInFlightPerReplica = 1)],
  [
    'SCL-003',
    'a drain of every pod',
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
    'an open route beside a guarded one',
    (s0) => s0.ingress.push({ ...s0.ingress[0], jwt: 'none', paths: ['/s0/x'] }),
  ],
];

describe('one hasty edit of a shop that an expert would pass raises its rule, and no other', () => {
  test.each(MUTATIONS)('%s by %s', (rule, _edit, mutate) => {
    fc.assert(
      fc.property(shops, (shop) => {
        const s0: File = parse(shop['services/s0.yaml'] ?? '');
        // Whatever was drawn: a public service that tries once, so that nothing else is near its edge.
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
