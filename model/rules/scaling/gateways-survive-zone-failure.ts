import type { Rule } from '../rule';

const FEWEST_REPLICAS = 3;

export const gatewaysSurviveZoneFailure: Rule = {
  id: 'SCL-002',
  title: 'Gateways survive a zone failure',
  severity: 'error',
  rationale: 'Every external request passes a gateway, so each gateway needs a pod in every zone.',
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/disruptions/',
  fix: `run at least ${FEWEST_REPLICAS} pods of each gateway in production`,
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
