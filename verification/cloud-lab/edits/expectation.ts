/** Compares a review with what a scenario expects. */
import { isDeepStrictEqual } from 'node:util';
import type { PlanReview } from '../lab/pipeline';
import type { ExpectedChange } from './edit';
import { reviewedChanges } from './outcome';

/**
 * What remains of an expectation without Kubernetes objects: most words and flags of a review come from them.
 *
 * @returns one line per difference
 */
export function googleDifferencesFrom(expected: ExpectedChange, review: PlanReview): string[] {
  const changes = expected.changes.filter((change) => / google_/.test(change));
  return differencesFrom({ ...expected, changes }, review).filter((line) =>
    /^(unexpected|missing) change: /.test(line),
  );
}

/** @returns one line per difference */
export function differencesFrom(expected: ExpectedChange, review: PlanReview): string[] {
  const headlines = review.headlines.map(({ subject, text }) => `${subject}: ${text}`);
  const flags = review.flags.map(({ id }) => id);
  const changes = review.resources
    .filter(({ action }) => action !== 'none')
    .map(({ action, address }) => `${action} ${address}`);
  return [
    ...globDifferences('headline', expected.headlines, headlines),
    ...listDifferences('flag', expected.flags, flags),
    ...review.flags
      .filter(({ id }) => !expected.flags.includes(id))
      .flatMap(({ id, findings }) =>
        findings.map(({ message, location }) => `${id}: ${location}: ${message}`),
      ),
    ...globDifferences('change', expected.changes, changes),
  ];
}

/** @returns one line per difference between the review of a pull request and that of the plan that is applied */
export function differencesBetween(
  seen: PlanReview,
  applied: PlanReview,
  stacks: readonly string[],
): string[] {
  const own = reviewedChanges(seen).filter((line) => stacks.some((stack) => line.includes(` ${stack} `)));
  const now = reviewedChanges(applied);
  return listDifferences('change', own, now);
}

/** Each entry matches a glob, and each glob an entry. */
function globDifferences(what: string, globs: readonly string[], seen: readonly string[]): string[] {
  const patterns = globs.map((glob) => ({ glob, pattern: patternOf(glob) }));
  return [
    ...patterns
      .filter(({ pattern }) => !seen.some((entry) => pattern.test(entry)))
      .map(({ glob }) => `missing ${what}: ${glob}`),
    ...seen
      .filter((entry) => !patterns.some(({ pattern }) => pattern.test(entry)))
      .map((entry) => `unexpected ${what}: ${entry}`),
  ];
}

function listDifferences(what: string, expected: readonly string[], seen: readonly string[]): string[] {
  if (isDeepStrictEqual([...expected].sort(), [...seen].sort())) return [];
  return [
    ...expected.filter((entry) => !seen.includes(entry)).map((entry) => `missing ${what}: ${entry}`),
    ...seen.filter((entry) => !expected.includes(entry)).map((entry) => `unexpected ${what}: ${entry}`),
  ];
}

function patternOf(glob: string): RegExp {
  const parts = glob.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
