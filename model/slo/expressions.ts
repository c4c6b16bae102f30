/** PromQL of the alerts, for Cloud Monitoring and for the replay of synthetic incidents. */
import { promDuration } from '../queries';
import {
  successfulSelector,
  failedSelector,
  latencySelector,
  totalSelector,
  type Requests,
} from './requests';
import type { Objective } from './subjects';
import { responsesNeeded, type BurnRateAlert } from './burn-rate-alerts';

/** Joins the burn-rate alerts with `or`, since a policy takes one PromQL condition only. */
export function burnExpression(
  requests: Requests,
  objective: Pick<Objective, 'thresholdMs'>,
  burnRateAlerts: readonly BurnRateAlert[],
): string {
  return burnRateAlerts
    .map((burnRateAlert) => `(\n${burnRateExpression(requests, objective, burnRateAlert)}\n)`)
    .join('\nor\n');
}

/** Both windows and the floor. */
function burnRateExpression(
  requests: Requests,
  { thresholdMs }: Pick<Objective, 'thresholdMs'>,
  burnRateAlert: BurnRateAlert,
): string {
  const windows = [burnRateAlert.longMinutes, burnRateAlert.shortMinutes];
  const parts =
    thresholdMs === undefined
      ? [
          ...windows.map((minutes) => failedShare(requests, burnRateAlert, minutes)),
          failedFloor(requests, burnRateAlert),
        ]
      : [
          ...windows.map((minutes) => slowShare(requests, burnRateAlert, thresholdMs, minutes)),
          slowFloor(requests, burnRateAlert),
        ];
  return parts.join('\nand\n');
}

function failedShare(requests: Requests, { failureRatio }: BurnRateAlert, minutes: number): string {
  const sum = (selector: string) => `sum(rate(${selector}[${promDuration(minutes)}]))`;
  return `${sum(failedSelector(requests))} / ${sum(totalSelector(requests))} > ${failureRatio}`;
}

function failedFloor(requests: Requests, { floorFailedRequests, longMinutes }: BurnRateAlert): string {
  return `sum(increase(${failedSelector(requests)}[${promDuration(longMinutes)}])) >= ${floorFailedRequests}`;
}

/**
 * "More than r of the responses are slower than t" equals "the (1 - r) quantile is above t". The quantile
 * interpolates, so the threshold need not be a bucket boundary of Google's histogram.
 */
function slowShare(
  requests: Requests,
  { failureRatio }: BurnRateAlert,
  thresholdMs: number,
  minutes: number,
): string {
  const quantile = Number((1 - failureRatio).toPrecision(6));
  const buckets = `sum by (le) (rate(${latencySelector(requests)}[${promDuration(minutes)}]))`;
  return `histogram_quantile(${quantile}, ${buckets}) > ${thresholdMs}`;
}

function slowFloor(
  requests: Requests,
  { failureRatio, floorFailedRequests, longMinutes }: BurnRateAlert,
): string {
  const responses = responsesNeeded(floorFailedRequests, failureRatio);
  return `sum(increase(${successfulSelector(requests)}[${promDuration(longMinutes)}])) >= ${responses}`;
}

/** True without any request in the window: the subject is unreachable, or its metrics are missing. */
export function absenceExpression(requests: Requests, minutes: number): string {
  return `absent(sum(increase(${totalSelector(requests)}[${promDuration(minutes)}])) > 0)`;
}
