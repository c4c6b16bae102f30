import type { Rule } from '../rule';

const MOST_PERCENT = 50;

export const ejectionLeavesHalf: Rule = {
  id: 'RES-008',
  title: 'Ejection leaves half of the endpoints',
  severity: 'error',
  rationale:
    'Three errors of one retried request can eject a lone endpoint, and a failing dependency of all pods ejects them all: the breaker makes the outage that it should prevent.',
  source: 'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier',
  fix: `keep maxEjectionPercent at or below ${MOST_PERCENT}`,
  check: ({ services }) =>
    services.flatMap(({ name, circuitBreaker: { outlierDetection } }) => {
      const { maxEjectionPercent } = outlierDetection;
      if (maxEjectionPercent <= MOST_PERCENT) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['circuitBreaker', 'outlierDetection', 'maxEjectionPercent'],
          message: `${maxEjectionPercent} % of a version's endpoints may be out at once`,
          fix: `use at most ${MOST_PERCENT}`,
        },
      ];
    }),
};
