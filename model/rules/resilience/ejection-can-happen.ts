import type { Rule } from '../rule';

export const ejectionCanHappen: Rule = {
  id: 'RES-007',
  title: 'Outlier detection can eject one endpoint',
  severity: 'error',
  rationale:
    'Envoy rounds maxEjectionPercent down: below one endpoint it never ejects, and a failing pod keeps its share of the traffic.',
  source: 'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/outlier',
  fix: 'raise maxEjectionPercent or minReplicas',
  check: ({ services }) =>
    services.flatMap(({ name, autoscaling: { minReplicas }, circuitBreaker: { outlierDetection } }) => {
      const { maxEjectionPercent } = outlierDetection;
      // A single endpoint must not be ejected.
      if (minReplicas < 2 || Math.floor((maxEjectionPercent * minReplicas) / 100) >= 1) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['circuitBreaker', 'outlierDetection', 'maxEjectionPercent'],
          message: `${maxEjectionPercent} % of ${minReplicas} endpoints is less than one`,
          fix: `use at least ${Math.ceil(100 / minReplicas)}`,
        },
      ];
    }),
};
