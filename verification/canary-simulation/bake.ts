/** One step of a release, evaluated every minute. */
import { fastAction, slowAction, type Comparison } from '../../model/canary/decision';
import { NO_REQUESTS } from '../../model/canary/sequential-test';
import type { CanaryTest } from '../../model/canary/tests';
import type { Random } from './random';
import { add, minuteOf, type Traffic } from './traffic';

export type Ending = 'rollback' | 'pause' | 'passed';

export interface Bake {
  readonly ending: Ending;
  /** Until the end. */
  readonly minutes: number;
  /** Of the canary, until the end. */
  readonly failedRequests: number;
}

/** Decides from all minutes so far, the latest last, and their sum. */
export type Watcher = (minutes: readonly Comparison[], sum: Comparison) => Ending;

/** Ends with a rollback, or after the bake time. A faulty version fails from its first request. */
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
    // Traffic continues during a pause, so a rollback may follow.
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

/** Like a metric check in Flagger or an analysis in Argo Rollouts: every minute above the limit is a failed check. */
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
