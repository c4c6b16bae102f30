import type { Rule } from '../rule';
import { HEADROOM, expectedRequestsInFlight } from '../targets';

export const canaryPodsServeWeight: Rule = {
  id: 'SCL-005',
  title: "A canary's pods can serve its weight",
  severity: 'error',
  rationale:
    'A canary starts with minReplicas pods: if they cannot serve its weight, a good release fails for lack of capacity and is rolled back.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'raise autoscaling.minReplicas, or release in smaller steps',
  check: ({ services }) =>
    services.flatMap((service) => {
      const { name, versions, requestsInFlightPerReplica, autoscaling } = service;
      const canary = versions[1];
      if (canary === undefined || requestsInFlightPerReplica === undefined) return [];
      const share = HEADROOM * expectedRequestsInFlight(service) * (canary.weightPercent / 100);
      // One spare pod, because one may be replaced at any time.
      const needed = Math.ceil(share / requestsInFlightPerReplica) + 1;
      if (canary.weightPercent === 0 || autoscaling.minReplicas >= needed) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['autoscaling', 'minReplicas'],
          message: `${autoscaling.minReplicas} pods of ${canary.name} are too few: ${canary.weightPercent} % of ${HEADROOM} × ${service.slos.expectedRequestsPerSecond} requests/s need ${needed}`,
          fix: `use at least ${needed}, or a smaller weight`,
        },
      ];
    }),
};
