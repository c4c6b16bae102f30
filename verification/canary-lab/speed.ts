/** Runs the lab faster than production: a minute of a query is a few seconds of the lab. */

const SECONDS = { s: 1, m: 60 } as const;

/** The query with all ranges and resolutions divided by the speed. */
export function shortened(query: string, speed: number): string {
  return query.replace(/\[(\d+[sm](?::\d+m)?)\]/g, (_, range: string) => `[${shortenedRange(range, speed)}]`);
}

/** In milliseconds, because durations in PromQL have no fractions. */
function shortenedRange(range: string, speed: number): string {
  return range.replace(
    /(\d+)([sm])/g,
    (_, count: string, unit: keyof typeof SECONDS) =>
      `${Math.round((Number(count) * SECONDS[unit] * 1_000) / speed)}ms`,
  );
}

/**
 * The start of a step for shortened queries that should count from `instantSeconds`. Queries skip the first
 * `skippedMinutes` of a step, which are shorter in the lab.
 */
export function shortenedInstant(instantSeconds: number, speed: number, skippedMinutes: number): number {
  const skippedSeconds = skippedMinutes * 60;
  return Math.floor(instantSeconds) - skippedSeconds + skippedSeconds / speed;
}
