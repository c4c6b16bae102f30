/** One step of a release, minute by minute, as the detectors see it. */
import { fastAction, slowAction, type Comparison } from '../../model/canary/judgement';
import { NO_REQUESTS } from '../../model/canary/sequential-test';
import type { CanaryTest } from '../../model/canary/tests';
import type { Random } from '../fuzz/random';
import { add, minuteOf, type Traffic } from './traffic';

export type Ending = 'rollback' | 'pause' | 'passed';

export interface Bake {
  readonly ending: Ending;
  /** Minutes until then. */
  readonly minutes: number;
  /** Bad requests of the canary until then. */
  readonly failedRequests: number;
}

/** Decides by everything seen so far, the latest minute last. */
export type Watcher = (minutes: readonly Comparison[], sum: Comparison) => Ending;

/** Runs until the watcher ends it or the time is over. Faults are there from the first request on. */
export function bake(watcher: Watcher, traffic: Traffic, minutes: number, random: Random): Bake {
  const seen: Comparison[] = [];
  let sum: Comparison = { canary: NO_REQUESTS, stable: NO_REQUESTS };
  let paused: Bake | undefined;
  while (seen.length < minutes) {
    const minute = minuteOf(traffic, random);
    seen.push(minute);
    sum = add(sum, minute);
    const ending = watcher(seen, sum);
    if (ending === 'passed') continue;
    const end = { ending, minutes: seen.length, failedRequests: sum.canary.failed };
    if (ending === 'rollback') return end;
    // A pause holds the weight; what happens to the requests goes on, and a rollback may still follow.
    paused ??= end;
  }
  return paused ?? { ending: 'passed', minutes, failedRequests: sum.canary.failed };
}

/** The detectors of this repository. */
export function detectors(test: CanaryTest, compared: boolean): Watcher {
  return (minutes, sum) => {
    const recent = minutes.slice(-test.fast.windowMinutes).reduce(add);
    return fastAction(test, recent, compared) ?? slowAction(test, sum, compared) ?? 'passed';
  };
}

/**
 * A limit on the share of each minute, and a number of minutes that may break it: what a metric check in
 * Flagger or an analysis in Argo Rollouts is.
 */
export function thresholdChecks(largestFailureShare: number, failedChecks: number): Watcher {
  const isFailed = ({ canary }: Comparison) =>
    canary.all > 0 && canary.failed / canary.all > largestFailureShare;
  let failed = 0;
  return (minutes) => {
    if (minutes.length === 1) failed = 0;
    const latest = minutes.at(-1);
    if (latest !== undefined && isFailed(latest)) failed++;
    return failed >= failedChecks ? 'rollback' : 'passed';
  };
}
