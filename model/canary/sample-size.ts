/** Sample size of the sequential test. */
import { poissonTerms } from '../poisson';
import type { SequentialTest } from './sequential-test';

/** No release waits for more. */
const MOST_REQUESTS = 1e7;

/** Below it, no useful number of requests separates the version from one within its budget. */
const SMALLEST_MULTIPLE = 1.2;

/**
 * Requests to the canary after which a version with a burn rate of `multiple` is detected with a probability of at
 * least 1 - `miss`; infinite if there is no such number. Assumes a burn rate of 1 for the stable version: a lower one
 * makes the difference clearer.
 *
 * @param stableForOne requests to the stable version for each one to the canary; 0 leaves the comparison out
 */
export function requestsNeeded(test: SequentialTest, miss: number, stableForOne: number): number {
  const key = JSON.stringify([test, miss, stableForOne]);
  const requests = CACHE.get(key) ?? search(test, miss, stableForOne);
  CACHE.set(key, requests);
  return requests;
}

/** A search takes milliseconds, and rules repeat it. */
const CACHE = new Map<string, number>();

function search(test: SequentialTest, miss: number, stableForOne: number): number {
  if (test.multiple < SMALLEST_MULTIPLE) return Infinity;
  const against = (requests: number) =>
    stableForOne === 0
      ? 1 - decisiveProbability(test, requests, 0)
      : // Each of the two conditions gets half of the probability.
        2 *
        Math.max(
          1 - decisiveProbability(test, requests, 0),
          1 - decisiveProbability(test, requests, stableForOne),
        );
  return smallest((requests) => against(requests) <= miss);
}

/**
 * Probability that the evidence against a version with a burn rate of `multiple` is above the threshold after this many
 * requests: against the SLO, or against the stable version. A lower bound for detection, because the evidence may have
 * been above the threshold before.
 */
function decisiveProbability(test: SequentialTest, requests: number, stableForOne: number): number {
  const { budget, multiple, gain, cost, threshold } = test;
  const canaryMean = requests * budget * multiple;
  const canary = cumulated(poissonTerms(canaryMean, upperEnd(canaryMean)));
  const decisive = (failedNeeded: number) => 1 - (canary[Math.ceil(failedNeeded) - 1] ?? 1);
  if (stableForOne === 0) return decisive((threshold + cost * requests) / gain);

  const tilt = Math.log((multiple + stableForOne) / (1 + stableForOne));
  const stableMean = requests * stableForOne * budget;
  return poissonTerms(stableMean, upperEnd(stableMean)).reduce(
    (sum, chance, failed) =>
      chance < 1e-12
        ? sum
        : sum + chance * decisive((threshold + tilt * failed) / (Math.log(multiple) - tilt)),
    0,
  );
}

/** Exceeded with a probability below 1e-9. */
function upperEnd(mean: number): number {
  return Math.ceil(mean + 8 * Math.sqrt(mean) + 20);
}

function cumulated(terms: readonly number[]): number[] {
  let sum = 0;
  return terms.map((term) => (sum += term));
}

/** To three figures: expected rates are not more accurate. */
function smallest(suffices: (requests: number) => boolean): number {
  let high = 1;
  while (!suffices(high)) {
    high *= 2;
    if (high > MOST_REQUESTS) return Infinity;
  }
  let low = high / 2;
  while (high - low > Math.max(1, high / 1_000)) {
    const middle = Math.floor((low + high) / 2);
    if (suffices(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(high);
}
