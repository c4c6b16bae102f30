/** Random traffic from many independent callers. */
import type { Comparison } from '../../model/canary/decision';
import type { Tally } from '../../model/canary/sequential-test';
import type { Random } from './random';

export interface Traffic {
  readonly canaryPerSecond: number;
  readonly stablePerSecond: number;
  /** Shares of failed requests. */
  readonly canaryFailed: number;
  readonly stableFailed: number;
}

/** One minute of both versions. */
export function minuteOf(traffic: Traffic, random: Random): Comparison {
  return {
    canary: requests(traffic.canaryPerSecond * 60, traffic.canaryFailed, random),
    stable: requests(traffic.stablePerSecond * 60, traffic.stableFailed, random),
  };
}

/** Failed and other requests are independent Poisson processes. */
function requests(mean: number, failureShare: number, random: Random): Tally {
  const failed = poisson(mean * failureShare, random);
  return { all: failed + poisson(mean * (1 - failureShare), random), failed };
}

/** Above this mean, the normal distribution is accurate enough, and faster. */
const LARGE_MEAN = 200;

function poisson(mean: number, random: Random): number {
  if (mean > LARGE_MEAN) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  // Multiplying uniform numbers until they fall below e^-mean (Knuth).
  const end = Math.exp(-mean);
  let events = 0;
  for (let product = random.next(); product > end; product *= random.next()) events++;
  return events;
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

export function add(a: Comparison, b: Comparison): Comparison {
  const sum = (left: Tally, right: Tally): Tally => ({
    all: left.all + right.all,
    failed: left.failed + right.failed,
  });
  return { canary: sum(a.canary, b.canary), stable: sum(a.stable, b.stable) };
}
