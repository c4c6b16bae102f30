/**
 * Wald's sequential probability ratio test, one-sided: evidence grows with every failed or slow request and shrinks
 * with every other one. By Ville's inequality, a healthy version reaches the threshold with a probability of at most
 * `falseAlarm`, however often it is evaluated. A test of fixed sample size has no such bound.
 *
 * @see Wald, Sequential Tests of Statistical Hypotheses, 1945
 */

/** Requests to one version, and how many of them failed or were slow. */
export interface Tally {
  readonly all: number;
  readonly failed: number;
}

export const NO_REQUESTS: Tally = { all: 0, failed: 0 };

export interface SequentialTest {
  /** Share of failed or slow requests that the SLO allows. */
  readonly budget: number;
  /** Burn rate to detect. */
  readonly multiple: number;
  /** Evidence that one failed or slow request adds. */
  readonly gain: number;
  /** Evidence that every request subtracts. */
  readonly cost: number;
  /** Evidence at which the test rejects the null hypothesis that the version is within its budget. */
  readonly threshold: number;
}

/** A version with this share of failed or slow requests is detected at any budget. */
const LARGEST_FAILURE_SHARE = 0.5;

/** Large budgets limit the multiple: at a target of 95 % it is at most 10. */
export function effectiveMultiple(budget: number, multiple: number): number {
  return Math.min(multiple, LARGEST_FAILURE_SHARE / budget);
}

/** @param falseAlarm probability that the test rejects a version with a burn rate of 1 */
export function sequentialTest(budget: number, multiple: number, falseAlarm: number): SequentialTest {
  const effective = effectiveMultiple(budget, multiple);
  const cost = -Math.log((1 - effective * budget) / (1 - budget));
  return {
    budget,
    multiple: effective,
    gain: round(Math.log(effective) + cost),
    cost: round(cost),
    threshold: round(Math.log(1 / falseAlarm)),
  };
}

/** Evidence for a burn rate of `multiple` rather than 1. */
export function evidenceAgainstSlo(test: SequentialTest, { all, failed }: Tally): number {
  return test.gain * failed - test.cost * all;
}

/**
 * Evidence that the canary's failure rate is `multiple` times that of the stable version rather than equal to it. If
 * the rates are equal, the canary's part of all failed requests is its part of the traffic, whatever the rate is. So an
 * outage that affects both versions does not reach the threshold.
 */
export function evidenceAgainstStable(test: SequentialTest, canary: Tally, stable: Tally): number {
  const all = canary.all + stable.all;
  if (all === 0) return 0;
  const tilt = Math.log((test.multiple * canary.all + stable.all) / all);
  return Math.log(test.multiple) * canary.failed - tilt * (canary.failed + stable.failed);
}

/** Share of failed or slow requests above which a sample of this size reaches the threshold; above 1 none does. */
export function decisiveShare(test: SequentialTest, requests: number): number {
  return (test.threshold / requests + test.cost) / test.gain;
}

/** People read these constants in queries. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
