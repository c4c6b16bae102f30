/** Differences between a pull request and what its edit expects. */
import { isDeepStrictEqual } from 'node:util';
import type { CatalogueEdit, ExpectedReview } from './edit';
import type { PullRequest, SeenReview } from './pull-request';

/** @returns one line per difference */
export function pullRequestDifferences(
  { refused = [], releases = [], reviews = {} }: CatalogueEdit,
  seen: PullRequest,
): string[] {
  return [
    ...violationDifferences('violation', refused, seen.violations),
    ...violationDifferences('violation of a release', releases, seen.releases),
    ...reviewDifferences(byEnvironment(reviews), seen.reviews),
  ];
}

function violationDifferences(what: string, expected: readonly RegExp[], lines: readonly string[]): string[] {
  return [
    ...lines
      .filter((line) => !expected.some((pattern) => pattern.test(line)))
      .map((line) => `unexpected ${what}: ${line}`),
    ...expected
      .filter((pattern) => lines.filter((line) => pattern.test(line)).length !== 1)
      .map((pattern) => `not one ${what}: ${pattern}`),
  ];
}

function byEnvironment(reviews: NonNullable<CatalogueEdit['reviews']>): ReadonlyMap<string, ExpectedReview> {
  return new Map(
    Object.entries(reviews).flatMap(([names, review]) => names.split(' ').map((name) => [name, review])),
  );
}

function reviewDifferences(
  expected: ReadonlyMap<string, ExpectedReview>,
  reviews: readonly SeenReview[],
): string[] {
  const names = [...new Set([...expected.keys(), ...reviews.map(({ environment }) => environment)])];
  return names.sort().flatMap((name) => {
    const want = expected.get(name);
    const have = reviews.find(({ environment }) => environment === name);
    if (want === undefined) return [`${name}: unexpected review`, ...linesOf(name, have)];
    if (have === undefined) return [`${name}: no review`];
    return [
      ...listDifferences(name, 'stack', want.stacks, have.stacks),
      ...listDifferences(name, 'headline', want.headlines, have.headlines),
      ...listDifferences(name, 'flag', want.flags ?? [], have.flags),
    ];
  });
}

function linesOf(name: string, review: SeenReview | undefined): string[] {
  return [
    ...(review?.stacks ?? []).map((stack) => `${name}: unexpected stack: ${stack}`),
    ...(review?.headlines ?? []).map((line) => `${name}: unexpected headline: ${line}`),
    ...(review?.flags ?? []).map((flag) => `${name}: unexpected flag: ${flag}`),
  ];
}

export function listDifferences(
  name: string,
  what: string,
  expected: readonly string[],
  seen: readonly string[],
): string[] {
  if (isDeepStrictEqual([...expected].sort(), [...seen].sort())) return [];
  return [
    ...expected.filter((entry) => !seen.includes(entry)).map((entry) => `${name}: missing ${what}: ${entry}`),
    ...seen
      .filter((entry) => !expected.includes(entry))
      .map((entry) => `${name}: unexpected ${what}: ${entry}`),
  ];
}
