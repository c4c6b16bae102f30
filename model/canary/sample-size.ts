/** How many requests a test needs before it may be believed. */
import { poissonTerms } from '../poisson';
import type { SequentialTest } from './sequential-test';

/** Beyond this no service could wait. */
const MOST_REQUESTS = 1e7;

/** Nearer to the budget than this, no number of requests tells the two apart in useful time. */
const SMALLEST_MULTIPLE = 1.2;

/**
 * Requests to the canary after which a version at `multiple` times its budget has been found, but for a chance
 * of `miss`; infinite if there is no such number. The stable version is taken to be exactly at its budget: a better one makes the difference plainer.
 *
 * @param stableForOne requests that the stable version gets for one of the canary; 0 leaves the comparison out
 */
export function requestsNeeded(test: SequentialTest, miss: number, stableForOne: number): number {
  const question = JSON.stringify([test, miss, stableForOne]);
  const answer = ANSWERS.get(question) ?? search(test, miss, stableForOne);
  ANSWERS.set(question, answer);
  return answer;
}

/** Rules, plans and commands ask the same again and again; an answer takes milliseconds. */
const ANSWERS = new Map<string, number>();

function search(test: SequentialTest, miss: number, stableForOne: number): number {
  if (test.multiple < SMALLEST_MULTIPLE) return Infinity;
  const against = (requests: number) =>
    stableForOne === 0
      ? 1 - chanceOfGuilt(test, requests, 0)
      : // Each of the two conditions may miss by half.
        2 * Math.max(1 - chanceOfGuilt(test, requests, 0), 1 - chanceOfGuilt(test, requests, stableForOne));
  return smallest((requests) => against(requests) <= miss);
}

/**
 * Chance that a version at `multiple` times its budget is beyond the threshold after so many requests: against
 * the promise, or, given the stable version's traffic, against that version. It may have been before, so this
 * is less than the chance to be found.
 */
function chanceOfGuilt(test: SequentialTest, requests: number, stableForOne: number): number {
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

/** Number of events that are not exceeded but once in billions. */
function upperEnd(mean: number): number {
  return Math.ceil(mean + 8 * Math.sqrt(mean) + 20);
}

function cumulated(terms: readonly number[]): number[] {
  let sum = 0;
  return terms.map((term) => (sum += term));
}

/** Smallest whole number that will do, to three figures: declared rates are no better known. */
function smallest(willDo: (requests: number) => boolean): number {
  let high = 1;
  while (!willDo(high)) {
    high *= 2;
    if (high > MOST_REQUESTS) return Infinity;
  }
  let low = high / 2;
  while (high - low > Math.max(1, high / 1_000)) {
    const middle = Math.floor((low + high) / 2);
    if (willDo(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(high);
}
