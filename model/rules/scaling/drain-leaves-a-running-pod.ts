import type { Rule } from '../rule';

export const drainLeavesARunningPod: Rule = {
  id: 'SCL-003',
  title: 'A node drain leaves a running pod',
  severity: 'error',
  rationale:
    'A disruption budget that allows the eviction of all minReplicas pods makes the next node upgrade an outage.',
  source: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
  fix: 'keep disruptionBudget.maxUnavailable below autoscaling.minReplicas',
  check: ({ services }) =>
    services.flatMap(({ name, autoscaling: { minReplicas }, disruptionBudget: { maxUnavailable } }) => {
      // A single pod either blocks the drain or causes an outage. SCL-001 forbids it in production.
      if (minReplicas < 2 || maxUnavailable < minReplicas) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['disruptionBudget', 'maxUnavailable'],
          message: `${maxUnavailable} of ${minReplicas} pods may be evicted at the same time`,
          fix: `use at most ${minReplicas - 1}`,
        },
      ];
    }),
};
