/** How long an outage lasts before a burn-rate alert fires, and how much budget it has spent by then. */
import type { ServiceLevel, BurnRateAlert } from './burn-rate-alerts';

export interface Detection {
  readonly minutes: number;
  /** Share of the period's error budget that is spent by then. */
  readonly budgetSpent: number;
}

/**
 * Time from the first failure, after a time without failures, at the expected request rate. The alert fires when the
 * failures reach the alert's share of the long window. The short window reaches it earlier, the floor possibly later;
 * a latency alert's floor counts all responses, so it is reached before the outage.
 *
 * Does not include the delay of Cloud Monitoring: see docs/slo.md.
 *
 * @param failureRatio share of requests that fail during the outage
 * @returns undefined if the alert never fires
 */
export function detect(
  burnRateAlert: BurnRateAlert,
  slo: ServiceLevel,
  failureRatio: number,
): Detection | undefined {
  const floorMinutes =
    slo.indicator === 'latency'
      ? 0
      : burnRateAlert.floorFailedRequests / (failureRatio * slo.requestsPerSecond * 60);
  if (failureRatio <= burnRateAlert.failureRatio || floorMinutes > burnRateAlert.longMinutes)
    return undefined;
  const minutes = Math.max(
    (burnRateAlert.longMinutes * burnRateAlert.failureRatio) / failureRatio,
    floorMinutes,
  );
  const budget = (1 - slo.targetPercent / 100) * slo.windowDays * 1_440;
  return { minutes: round(minutes), budgetSpent: round((failureRatio * minutes) / budget) };
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
