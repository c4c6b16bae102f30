import type { Rule } from '../rule';

const FEWEST_REPLICAS = 2;
/** One per zone. */
const FEWEST_REPLICAS_CRITICAL = 3;

export const servicesSurvivePodLoss: Rule = {
  id: 'SCL-001',
  title: 'Services survive the loss of a pod',
  severity: 'error',
  rationale: 'A service with one pod is down at every node upgrade and zone failure.',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/',
  fix: `run at least ${FEWEST_REPLICAS} pods in production, ${FEWEST_REPLICAS_CRITICAL} of a critical service`,
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
