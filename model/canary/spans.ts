/** Counting in PromQL since a given instant. */

/** Time over which requests are counted. */
export interface Span {
  /** Increase of the selected counters over the span, summed by the labels; empty where there is no sample. */
  count(selector: string, by?: 'le'): string;
}

/** One tile per minute for four hours; longer spans have longer tiles. */
const MOST_TILES = 240;

/** Sampling periods in a range. `increase` needs two samples, so one may be late and one missing. */
const LEAST_RANGE_MINUTES = 3;

/** Longest sampling period for which the counts hold. */
const SAMPLING_MINUTES = 1;

/**
 * Since an instant, but at most the last `longestMinutes`. A range in PromQL has a fixed length, so a subquery divides
 * the time into tiles and adds up those after the instant. Tiles lie at whole multiples of their length, independent of
 * the time of evaluation, and late samples count at the next evaluation.
 *
 * Each tile is the mean of a longer range, because a range as short as the sampling period has at most one sample. A
 * range is a whole number of tiles and one sampling period: with samples every 60 s, at any offset, its increments
 * cover a whole number of tiles, so each request counts once.
 *
 * Error, with sampling periods of up to 60 s, in minutes of traffic: at most a range and a tile too few (5 up to 240
 * min), never too many. Up to 2 min more are missing where metrics are visible 3 min late, up to half a minute for each
 * missing sample, and up to one sampling period for each restart of a proxy and each new series.
 *
 * @see docs/decisions/0043-requests-are-counted-over-four-sampling-periods.md
 */
export function sinceInstant(instantSeconds: number, longestMinutes: number): Span {
  const tile = tileMinutes(longestMinutes);
  const range = rangeMinutes(longestMinutes);
  const firstRangeEnds = Math.ceil(instantSeconds) + range * 60;
  // A second less, because Prometheus 2 counts the tile at either end of a subquery.
  const span = `${longestMinutes * 60 - 1}s:${tile}m`;
  return {
    count: (selector, by) =>
      `sum_over_time((${increase(selector, range, by)} and on() (vector(time()) >= ${firstRangeEnds}))[${span}]) * ${tile} / ${range}`,
  };
}

/** Range of a tile: nothing is counted until this long after the instant. */
export function rangeMinutes(longestMinutes: number): number {
  const tile = tileMinutes(longestMinutes);
  return tile * Math.ceil(LEAST_RANGE_MINUTES / tile) + SAMPLING_MINUTES;
}

function tileMinutes(longestMinutes: number): number {
  return Math.ceil(longestMinutes / MOST_TILES);
}

/** The count, or 0 if there is no series: a version without failures has none for them. */
export function orNone(count: string): string {
  return `(${count} or vector(0))`;
}

function increase(selector: string, minutes: number, by?: 'le'): string {
  return `sum ${by === undefined ? '' : `by (${by}) `}(increase(${selector}[${minutes}m]))`;
}
