import { mostRetries, RETRY_BUDGET_PERCENT } from '../../circuit-breaker';
import type { Rule } from '../rule';

export const retriesAreAFraction: Rule = {
  id: 'RES-006',
  title: 'Retries are a fraction of the requests',
  severity: 'error',
  rationale:
    'If every request fails, every request is retried, and a slow service gets a multiple of its load.',
  source:
    'https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/circuit_breaker.proto#config-cluster-v3-circuitbreakers-thresholds-retrybudget',
  fix: `use a maxRetries of at most ${RETRY_BUDGET_PERCENT} % of maxRequests`,
  check: ({ services }) =>
    services.flatMap(({ name, retries, circuitBreaker: { maxRequests, maxRetries } }) => {
      const most = mostRetries(maxRequests);
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
