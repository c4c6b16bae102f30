/** Counting in PromQL over a while that may begin at a given instant. */

/** Time over which requests are counted. */
export interface Span {
  /** Increase of the selected counters over the span, summed by the labels; empty where there is no sample. */
  count(selector: string, by?: 'le'): string;
}

/** A tile a minute for four hours; longer times take longer tiles. */
const MOST_TILES = 240;

/**
 * Since an instant, but no longer than `longestMinutes`. A range in PromQL has a fixed length, so the time is
 * paved with tiles and only those that begin after the instant are added up. Tiles lie at whole multiples of
 * their length, wherever the query is evaluated: none is counted twice, and what becomes visible late is
 * counted at the next evaluation.
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

/** The same count, 0 where nothing was counted: a version without failures has no series of them. */
export function orNone(count: string): string {
  return `(${count} or vector(0))`;
}

function increase(selector: string, minutes: number, by?: 'le'): string {
  return `sum ${by === undefined ? '' : `by (${by}) `}(increase(${selector}[${minutes}m]))`;
}
