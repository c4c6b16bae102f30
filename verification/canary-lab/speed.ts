/** Runs the lab faster than production: a minute of a query is a few seconds of the lab. */

/** The query with all ranges and resolutions divided by the speed. */
export function shortened(query: string, speed: number): string {
  return query.replace(/\[(\d+)m(?::(\d+)m)?\]/g, (_, range: string, step?: string) =>
    step === undefined ? `[${seconds(range, speed)}]` : `[${seconds(range, speed)}:${seconds(step, speed)}]`,
  );
}

function seconds(minutes: string, speed: number): string {
  return `${(Number(minutes) * 60) / speed}s`;
}

/**
 * The start of a step for shortened queries that should count from `instantSeconds`. Queries skip the first minute of a
 * step, which is shorter in the lab.
 */
export function shortenedInstant(instantSeconds: number, speed: number): number {
  return Math.floor(instantSeconds) - 60 + 60 / speed;
}
