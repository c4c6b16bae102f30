import { serviceSubject } from '../../slo/subjects';
import {
  falseAlarms,
  planBurnRateAlerts,
  TOLERATED_FALSE_ALARMS,
  type ServiceLevel,
} from '../../slo/burn-rate-alerts';
import type { Rule, RuleViolation } from '../rule';

export const alertsRarelyFireWhenHealthy: Rule = {
  id: 'SLO-003',
  title: 'Alerts rarely fire for a healthy service',
  severity: 'error',
  rationale:
    'At a low request rate a single failure is a high failure ratio, and alerts that fire on it train people to ignore them.',
  source: 'https://sre.google/workbook/alerting-on-slos/#low-traffic-services-and-error-budget-alerting',
  fix: 'raise the floor, or remove it so that it is computed',
  check: ({ services }) =>
    services.flatMap((service): RuleViolation[] => {
      const noisy = serviceSubject(service, services).objectives.find(
        (objective) => noiseOf(objective) !== undefined,
      );
      const noise = noisy && noiseOf(noisy);
      if (noisy === undefined || noise === undefined) return [];
      const { requestsPerSecond, windowDays } = noisy;
      return [
        {
          kind: 'service',
          name: service.name,
          path: ['slos', 'alertFloorFailedRequests'],
          message: `a floor of ${noisy.floorFailedRequests} failed or slow requests at ${requestsPerSecond} requests/s causes about ${Number(noise.times.toPrecision(2))} false ${noise.severity}s in ${windowDays} days`,
          fix: `use at least ${quietFloor(service.slos.alertFloorFailedRequests ?? 1, serviceSubject(service, services).objectives)}, or remove it`,
        },
      ];
    }),
};

/** The first burn-rate alert with too many expected false alarms, and their number. */
function noiseOf(slo: ServiceLevel) {
  for (const burnRateAlert of planBurnRateAlerts(slo).burnRateAlerts) {
    const times = falseAlarms(burnRateAlert, slo);
    if (times > TOLERATED_FALSE_ALARMS[burnRateAlert.severity])
      return { severity: burnRateAlert.severity, times };
  }
  return undefined;
}

/** Terminates, because the computed floors pass and are within the schema. */
function quietFloor(from: number, slos: readonly ServiceLevel[]): number {
  let floor = from;
  while (slos.some((slo) => noiseOf({ ...slo, floorFailedRequests: floor }) !== undefined)) floor += 1;
  return floor;
}
