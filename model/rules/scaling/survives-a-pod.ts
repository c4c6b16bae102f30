import type { Rule } from '../rule';

const FEWEST_REPLICAS = 2;
/** One for each zone. */
const FEWEST_REPLICAS_CRITICAL = 3;

export const survivesAPod: Rule = {
  id: 'SCL-001',
  title: 'A service survives the loss of a pod',
  severity: 'error',
  rationale: 'Nodes are upgraded and zones fail: a service of one pod is down each time.',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/',
  fix: `production runs ${FEWEST_REPLICAS} pods or more of a service, ${FEWEST_REPLICAS_CRITICAL} of a critical one`,
  check: ({ production, services }) =>
    services.flatMap(({ name, tier, autoscaling: { minReplicas } }) => {
      const fewest = tier === 'critical' ? FEWEST_REPLICAS_CRITICAL : FEWEST_REPLICAS;
      if (!production || minReplicas >= fewest) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['autoscaling', 'minReplicas'],
          message: `${minReplicas} ${minReplicas === 1 ? 'pod' : 'pods'} of a ${tier} service in production`,
          fix: `use at least ${fewest}`,
        },
      ];
    }),
};
