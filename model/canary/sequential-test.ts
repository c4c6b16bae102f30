/**
 * Wald's sequential probability ratio test, one-sided: evidence grows with every bad request and shrinks with
 * every good one. By Ville's inequality a healthy version reaches the threshold with a chance of at most
 * `falseAlarm`, however often and whenever somebody looks; a test of fixed size has no such promise.
 *
 * @see Wald, Sequential Tests of Statistical Hypotheses, 1945
 */

/** Requests of one version, and how many of them broke one promise. */
export interface Tally {
  readonly all: number;
  readonly failed: number;
}

export const NO_REQUESTS: Tally = { all: 0, failed: 0 };

export interface SequentialTest {
  /** Share of bad requests that the promise allows. */
  readonly budget: number;
  /** Multiple of the budget that is to be found. */
  readonly multiple: number;
  /** Evidence that one bad request adds. */
  readonly gain: number;
  /** Evidence that one request takes, good or bad. */
  readonly cost: number;
  /** Evidence at which the version is guilty. */
  readonly threshold: number;
}

/** A version half of whose requests are bad is found at any budget. */
const LARGEST_BAD_SHARE = 0.5;

/** How many times the budget can be meant where the whole of it is much: at 95 % at most 10 times. */
export function effectiveMultiple(budget: number, multiple: number): number {
  return Math.min(multiple, LARGEST_BAD_SHARE / budget);
}

/** @param falseAlarm chance that a version exactly at its budget is found guilty */
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

/** Evidence that the version breaks its promise at `multiple` times the budget rather than just keeping it. */
export function evidenceAgainstSlo(test: SequentialTest, { all, failed }: Tally): number {
  return test.gain * failed - test.cost * all;
}

/**
 * Evidence that the version is `multiple` times as bad as the stable one rather than equally bad. Given the
 * bad requests of both, the canary's part of them is its part of the traffic if they are alike: so nothing
 * need be known of how bad either is, and an outage that hits both convicts neither.
 */
export function evidenceAgainstStable(test: SequentialTest, canary: Tally, stable: Tally): number {
  const all = canary.all + stable.all;
  if (all === 0) return 0;
  const tilt = Math.log((test.multiple * canary.all + stable.all) / all);
  return Math.log(test.multiple) * canary.failed - tilt * (canary.failed + stable.failed);
}

/** Share of bad requests above which a sample of this size is guilty; above 1 none can be. */
export function decisiveShare(test: SequentialTest, requests: number): number {
  return (test.threshold / requests + test.cost) / test.gain;
}

/** Constants are read in queries; what floating point adds to them is noise. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
