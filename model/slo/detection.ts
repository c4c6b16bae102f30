/** How long a fault goes on before a tier tells, and what it has cost by then. */
import type { ServiceLevel, BurnRateAlert } from './burn-rate-alerts';

export interface Detection {
  readonly minutes: number;
  /** Part of the period's budget that is gone by then. */
  readonly budgetSpent: number;
}

/**
 * From the first failure, after a time without any, at the declared rate. The long window fills with bad requests
 * until they are the tier's share of it; the short one is faster, and the floor may be slower. That of latency asks for
 * answers, good ones as well, which are there before anything is slow.
 *
 * The time until Cloud Monitoring has and evaluates the data comes on top: see docs/slo.md.
 *
 * @param badRatio share of requests that fail from now on
 * @returns nothing if the tier stays silent however long the fault lasts
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
