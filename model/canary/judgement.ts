/**
 * What counts say about a canary. The detectors ask the same of Cloud Monitoring, with the same constants
 * (`detectors.ts`); the simulation and `mesh canary` ask it here.
 */
import { evidenceAgainstSlo, evidenceAgainstStable, decisiveShare, type Tally } from './sequential-test';
import type { CanaryTest } from './tests';

/** What a detector asks the guard to do. */
export type CanaryAction = 'rollback' | 'pause';

/** The same promise, kept or broken by both versions over the same time. */
export interface Comparison {
  readonly canary: Tally;
  readonly stable: Tally;
}

/** Whether to end the release for gross failure, by counts of the fast window. */
export function fastAction(
  test: CanaryTest,
  counts: Comparison,
  compared: boolean,
): CanaryAction | undefined {
  const { failedRequests, failureShare } = test.fast;
  const { all, failed } = counts.canary;
  if (failed < failedRequests || failed <= failureShare * all) return undefined;
  if (!compared) return 'rollback';
  const level = Math.max(failureShare, failedRequests / all);
  return worseThanStable(test, counts, level) ? 'rollback' : undefined;
}

/**
 * Whether the release has used up its promise, by counts of the step. A canary that is too bad and no worse
 * than the stable version is not the cause: going back would not help, and going on would not be wise.
 */
export function slowAction(
  test: CanaryTest,
  counts: Comparison,
  compared: boolean,
): CanaryAction | undefined {
  if (evidenceAgainstSlo(test.slow, counts.canary) < test.slow.threshold) return undefined;
  if (!compared) return 'rollback';
  const level = decisiveShare(test.slow, counts.canary.all);
  return worseThanStable(test, counts, level) ? 'rollback' : 'pause';
}

/**
 * Failures are counted, so the two versions are compared request by request. Slow requests are known by
 * quantiles, whose question is the other way round: is the stable version clearly below the guilty share?
 */
function worseThanStable(test: CanaryTest, { canary, stable }: Comparison, level: number): boolean {
  if (test.objective === 'availability')
    return evidenceAgainstStable(test.slow, canary, stable) >= test.slow.threshold;
  return stable.all > 0 && stable.failed / stable.all <= level / Math.sqrt(test.slow.multiple);
}

/** Whether the stable version serves enough beside this weight to be compared with. */
export function isCompared(weightPercent: number): boolean {
  return weightPercent < 100;
}
