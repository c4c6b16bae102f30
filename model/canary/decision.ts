/**
 * The tests of a canary on counts, for `mesh canary` and the simulation. `detectors.ts` has the same tests with the
 * same constants as queries of Cloud Monitoring.
 */
import { evidenceAgainstSlo, evidenceAgainstStable, decisiveShare, type Tally } from './sequential-test';
import type { CanaryTest } from './tests';

/** Action of the rollback controller. */
export type CanaryAction = 'rollback' | 'pause';

/** Requests to both versions over the same time, counted for one objective. */
export interface Comparison {
  readonly canary: Tally;
  readonly stable: Tally;
}

/** For gross failure, by counts of the fast window. */
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
 * By the evidence of the step. If the stable version is no better, the canary is not the cause: a rollback would not
 * help, so the release pauses.
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
 * Failed requests are counted, so the two versions are compared by a test. Slow requests are compared by quantiles, so
 * the stable version must be clearly below the level at which the canary fails.
 */
function worseThanStable(test: CanaryTest, { canary, stable }: Comparison, level: number): boolean {
  if (test.objective === 'availability')
    return evidenceAgainstStable(test.slow, canary, stable) >= test.slow.threshold;
  return stable.all > 0 && stable.failed / stable.all <= level / Math.sqrt(test.slow.multiple);
}

export function isCompared(weightPercent: number): boolean {
  return weightPercent < 100;
}
