import { serviceSubject } from '../../slo/subjects';
import {
  falseAlarms,
  planBurnRateAlerts,
  TOLERATED_FALSE_ALARMS,
  type ServiceLevel,
} from '../../slo/burn-rate-alerts';
import type { Rule, RuleViolation } from '../rule';

export const alertNotNoisy: Rule = {
  id: 'SLO-003',
  title: 'An alert stays quiet while all is well',
  severity: 'error',
  rationale:
    'At a low rate one failed request is a high share: an alert that fires on it wakes people for nothing, until they no longer listen.',
  source: 'https://sre.google/workbook/alerting-on-slos/#low-traffic-services-and-error-budget-alerting',
  fix: 'raise the floor, or leave it out: then it is computed',
  check: ({ services }) =>
    services.flatMap((service): RuleViolation[] => {
      const noisy = serviceSubject(service).objectives.find((objective) => noiseOf(objective) !== undefined);
      const noise = noisy && noiseOf(noisy);
      if (noisy === undefined || noise === undefined) return [];
      const { requestsPerSecond, windowDays } = noisy;
      return [
        {
          kind: 'service',
          name: service.name,
          path: ['slos', 'alertFloorFailedRequests'],
          message: `${noisy.floorFailedRequests} bad of ${requestsPerSecond} requests/s would ${noise.severity} about ${Number(noise.times.toPrecision(2))} times in ${windowDays} days with nothing wrong`,
          fix: `use at least ${quietFloor(service.slos.alertFloorFailedRequests ?? 1, serviceSubject(service).objectives)}, or leave it out`,
        },
      ];
    }),
};

/** The first tier that false alarms spoil, and how many. */
function noiseOf(slo: ServiceLevel) {
  for (const burnRateAlert of planBurnRateAlerts(slo).burnRateAlerts) {
    const times = falseAlarms(burnRateAlert, slo);
    if (times > TOLERATED_FALSE_ALARMS[burnRateAlert.severity])
      return { severity: burnRateAlert.severity, times };
  }
  return undefined;
}

/** The computed floors are quiet, and none of them is higher than the schema allows. */
function quietFloor(from: number, slos: readonly ServiceLevel[]): number {
  let floor = from;
  while (slos.some((slo) => noiseOf({ ...slo, floorFailedRequests: floor }) !== undefined)) floor += 1;
  return floor;
}
