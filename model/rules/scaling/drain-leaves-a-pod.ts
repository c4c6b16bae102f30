import type { Rule } from '../rule';

export const drainLeavesAPod: Rule = {
  id: 'SCL-003',
  title: 'A node drain leaves a pod',
  severity: 'error',
  rationale:
    'A disruption budget that allows all pods at rest to be evicted together is none: the next node upgrade is an outage.',
  source: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
  fix: 'keep disruptionBudget.maxUnavailable below autoscaling.minReplicas',
  check: ({ services }) =>
    services.flatMap(({ name, autoscaling: { minReplicas }, disruptionBudget: { maxUnavailable } }) => {
      // With a single pod either the drain waits for ever or the service is down; SCL-001 keeps that from production.
      if (minReplicas < 2 || maxUnavailable < minReplicas) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['disruptionBudget', 'maxUnavailable'],
          message: `${maxUnavailable} of ${minReplicas} pods may be evicted at once`,
          fix: `use at most ${minReplicas - 1}`,
        },
      ];
    }),
};
