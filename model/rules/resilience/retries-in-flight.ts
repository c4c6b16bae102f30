import type { Rule } from '../rule';

/** Of the requests in flight, as Envoy's retry budget has it; below its floor a bound would refuse single retries. */
const RETRY_BUDGET_PERCENT = 20;
const RETRY_FLOOR = 3;

export const retriesInFlight: Rule = {
  id: 'RES-006',
  title: 'Retries stay a fraction of the requests',
  severity: 'error',
  rationale:
    'When everything fails, every request turns into retries, and a service that was merely slow gets a multiple of its load.',
  source:
    'https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/circuit_breaker.proto#config-cluster-v3-circuitbreakers-thresholds-retrybudget',
  fix: `keep maxRetries at or below ${RETRY_BUDGET_PERCENT} % of maxRequests`,
  check: ({ services }) =>
    services.flatMap(({ name, retries, circuitBreaker: { maxRequests, maxRetries } }) => {
      const most = Math.max(RETRY_FLOOR, Math.floor((maxRequests * RETRY_BUDGET_PERCENT) / 100));
      if (retries.attempts === 0 || maxRetries <= most) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['circuitBreaker', 'maxRetries'],
          message: `${maxRetries} retries in flight are more than ${RETRY_BUDGET_PERCENT} % of ${maxRequests} requests`,
          fix: `use at most ${most}`,
        },
      ];
    }),
};
