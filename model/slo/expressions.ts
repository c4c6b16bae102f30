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
import { latencyReading } from './latency-reading';

/** Joins the burn-rate alerts with `or`, since a policy takes one PromQL condition only. */
export function burnExpression(
  { requests, ...objective }: Pick<Objective, 'thresholdMs' | 'requests'>,
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
 * "More than r of the responses are slower than t" equals "the (1 - r) quantile is above t" if t is a bucket boundary:
 * there, no interpolation takes part. A selector of the bucket itself would be exact too, but would select nothing,
 * and the alert would never fire, if Google used other boundaries.
 */
function slowShare(
  requests: Requests,
  { failureRatio }: BurnRateAlert,
  thresholdMs: number,
  minutes: number,
): string {
  const quantile = Number((1 - failureRatio).toPrecision(6));
  const buckets = `sum by (le) (rate(${latencySelector(requests)}[${promDuration(minutes)}]))`;
  return `histogram_quantile(${quantile}, ${buckets}) > ${latencyReading(thresholdMs).countedFromMs}`;
}

/** Share of the responses that take longer than a boundary of the histogram, for charts. */
export function shareOver(requests: Requests, boundaryMs: number, minutes: number): string {
  // Prometheus 3 and some exporters write whole boundaries as 256.0.
  const count = (le: string) => `sum(rate(${latencySelector(requests, le)}[${promDuration(minutes)}]))`;
  return `1 - ${count(`=~"${boundaryMs}([.]0)?"`)} / ${count('="+Inf"')}`;
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
