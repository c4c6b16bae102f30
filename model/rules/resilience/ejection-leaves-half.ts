import type { Rule } from '../rule';

const MOST_PERCENT = 50;

export const ejectionLeavesHalf: Rule = {
  id: 'RES-008',
  title: 'Ejection leaves at least half the endpoints',
  severity: 'error',
  rationale:
    'If all pods fail because of a shared dependency, ejecting all of them turns partial failures into an outage.',
  source: 'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier',
  fix: `use a maxEjectionPercent of at most ${MOST_PERCENT}`,
  check: ({ services }) =>
    services.flatMap(({ name, circuitBreaker: { outlierDetection } }) => {
      const { maxEjectionPercent } = outlierDetection;
      if (maxEjectionPercent <= MOST_PERCENT) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['circuitBreaker', 'outlierDetection', 'maxEjectionPercent'],
          message: `${maxEjectionPercent} % of a version's endpoints may be ejected at the same time`,
          fix: `use at most ${MOST_PERCENT}`,
        },
      ];
    }),
};
