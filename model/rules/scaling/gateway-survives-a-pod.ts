import type { Rule } from '../rule';

const FEWEST_REPLICAS = 3;

export const gatewaySurvivesAPod: Rule = {
  id: 'SCL-002',
  title: 'A gateway survives the loss of a zone',
  severity: 'error',
  rationale: 'Every request of the shop passes the gateways, so each must have a pod in every zone.',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/',
  fix: `production runs ${FEWEST_REPLICAS} pods or more of each gateway`,
  check: ({ name, production, ...environment }) =>
    (['ingress', 'egress'] as const).flatMap((gateway) => {
      const { minReplicas } = environment[gateway];
      if (!production || minReplicas >= FEWEST_REPLICAS) return [];
      return [
        {
          kind: 'environment' as const,
          name,
          path: [gateway, 'minReplicas'],
          message: `${minReplicas} pods of the ${gateway} gateway in production`,
          fix: `use at least ${FEWEST_REPLICAS}`,
        },
      ];
    }),
};
