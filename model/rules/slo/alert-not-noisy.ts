import { serviceSubject } from '../../slo/subjects';
import { falseAlarms, planTiers, TOLERATED_FALSE_ALARMS, type ServiceLevel } from '../../slo/tiers';
import type { Rule, Violation } from '../rule';

export const alertNotNoisy: Rule = {
  id: 'SLO-003',
  title: 'An alert stays quiet while all is well',
  severity: 'error',
  rationale:
    'At a low rate one failed request is a high share: an alert that fires on it wakes people for nothing, until they no longer listen.',
  source: 'https://sre.google/workbook/alerting-on-slos/#low-traffic-services-and-error-budget-alerting',
  remedy: 'raise the floor, or leave it out: then it is computed',
  check: ({ services }) =>
    services.flatMap((service): Violation[] => {
      const noisy = serviceSubject(service).objectives.find((objective) => noiseOf(objective) !== undefined);
      const noise = noisy && noiseOf(noisy);
      if (noisy === undefined || noise === undefined) return [];
      const { requestsPerSecond, windowDays } = noisy;
      return [
        {
          kind: 'service',
          name: service.name,
          path: ['slos', 'alertFloorBadRequests'],
          message: `${noisy.floorBadRequests} bad of ${requestsPerSecond} requests/s would ${noise.severity} about ${Number(noise.times.toPrecision(2))} times in ${windowDays} days with nothing wrong`,
          remedy: `use at least ${quietFloor(service.slos.alertFloorBadRequests ?? 1, serviceSubject(service).objectives)}, or leave it out`,
        },
      ];
    }),
};

/** The first tier that false alarms spoil, and how many. */
function noiseOf(promise: ServiceLevel) {
  for (const tier of planTiers(promise).tiers) {
    const times = falseAlarms(tier, promise);
    if (times > TOLERATED_FALSE_ALARMS[tier.severity]) return { severity: tier.severity, times };
  }
  return undefined;
}

/** The computed floors are quiet, and none of them is higher than the schema allows. */
function quietFloor(from: number, promises: readonly ServiceLevel[]): number {
  let floor = from;
  while (promises.some((promise) => noiseOf({ ...promise, floorBadRequests: floor }) !== undefined))
    floor += 1;
  return floor;
}
