/** Counting in PromQL since a given instant. */

/** Time over which requests are counted. */
export interface Span {
  /** Increase of the selected counters over the span, summed by the labels; empty where there is no sample. */
  count(selector: string, by?: 'le'): string;
}

/** One tile per minute for four hours; longer spans have longer tiles. */
const MOST_TILES = 240;

/**
 * Since an instant, but at most the last `longestMinutes`. A range in PromQL has a fixed length, so a subquery divides
 * the time into tiles and adds up those that begin after the instant. Tiles lie at whole multiples of their length,
 * independent of the time of evaluation: none is counted twice, and late samples count at the next evaluation.
 */
export function sinceInstant(instantSeconds: number, longestMinutes: number): Span {
  const tileMinutes = Math.ceil(longestMinutes / MOST_TILES);
  const firstTileEnds = Math.ceil(instantSeconds) + tileMinutes * 60;
  return {
    count: (selector, by) => {
      const tile = increase(selector, tileMinutes, by);
      return `sum_over_time((${tile} and on() (vector(time()) >= ${firstTileEnds}))[${longestMinutes}m:${tileMinutes}m])`;
    },
  };
}

/** The count, or 0 if there is no series: a version without failures has none for them. */
export function orNone(count: string): string {
  return `(${count} or vector(0))`;
}

function increase(selector: string, minutes: number, by?: 'le'): string {
  return `sum ${by === undefined ? '' : `by (${by}) `}(increase(${selector}[${minutes}m]))`;
}
