/** Time that runs faster: a minute of a query is some seconds of the lab. */

/** The query with every range and resolution shortened. */
export function shortened(query: string, speed: number): string {
  return query.replace(/\[(\d+)m(?::(\d+)m)?\]/g, (_, range: string, step?: string) =>
    step === undefined ? `[${seconds(range, speed)}]` : `[${seconds(range, speed)}:${seconds(step, speed)}]`,
  );
}

function seconds(minutes: string, speed: number): string {
  return `${(Number(minutes) * 60) / speed}s`;
}

/**
 * Instant to put into a service's times, so that its shortened queries count from `instantSeconds`: they wait for
 * the end of a first tile, which here is not a minute long.
 */
export function shortenedInstant(instantSeconds: number, speed: number): number {
  return Math.floor(instantSeconds) - 60 + 60 / speed;
}
