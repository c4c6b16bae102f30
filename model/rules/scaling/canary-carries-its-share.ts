import type { Rule } from '../rule';
import { HEADROOM, usualRequestsInFlight } from '../targets';

export const canaryCarriesItsShare: Rule = {
  id: 'SCL-005',
  title: "A canary's pods carry its share",
  severity: 'error',
  rationale:
    'A canary starts with the pods at rest: when they cannot carry its weight, it fails for want of pods and a good release is rolled back.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'raise autoscaling.minReplicas, or release in smaller steps',
  check: ({ services }) =>
    services.flatMap((service) => {
      const { name, versions, requestsInFlightPerReplica, autoscaling } = service;
      const canary = versions[1];
      if (canary === undefined || requestsInFlightPerReplica === undefined) return [];
      const share = HEADROOM * usualRequestsInFlight(service) * (canary.weightPercent / 100);
      // One pod more than the load needs, since one may be replaced at any time.
      const needed = Math.ceil(share / requestsInFlightPerReplica) + 1;
      if (canary.weightPercent === 0 || autoscaling.minReplicas >= needed) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['autoscaling', 'minReplicas'],
          message: `${autoscaling.minReplicas} pods of ${canary.name} at rest, and ${canary.weightPercent} % of ${HEADROOM} × ${service.slos.expectedRequestsPerSecond} requests/s need ${needed}`,
          fix: `use at least ${needed}, or a smaller weight`,
        },
      ];
    }),
};
