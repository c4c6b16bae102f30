/** What `sinceInstant` counts of samples every 60 s, computed without PromQL. */
import { rangeMinutes } from '../../model/canary/spans';

export interface SampledMinutes {
  /** Requests between one sample and the next. */
  readonly minutes: readonly number[];
  /** Time of the first sample, below 60. */
  readonly offsetSeconds: number;
  /** Prometheus 2 includes a sample at the start of a range, Prometheus 3 does not. */
  readonly closedRanges: boolean;
}

/** Sum over the tiles of the mean of the minutes in the tile's range, times the length of the tile. */
export function expectedCount(
  { minutes, offsetSeconds, closedRanges }: SampledMinutes,
  instantSeconds: number,
  longestMinutes: number,
  nowSeconds: number,
): number {
  const range = rangeMinutes(longestMinutes) * 60;
  const tileMinutes = Math.ceil(longestMinutes / 240);
  const tile = tileMinutes * 60;
  const first = Math.max(Math.ceil(instantSeconds) + range, nowSeconds - longestMinutes * 60 + 1);
  let count = 0;
  for (let end = Math.floor(nowSeconds / tile) * tile; end >= first; end -= tile) {
    const sampleAfter = (seconds: number) =>
      Math.max(
        0,
        closedRanges
          ? Math.ceil((seconds - offsetSeconds) / 60)
          : Math.floor((seconds - offsetSeconds) / 60) + 1,
      );
    const oldest = sampleAfter(end - range);
    const newest = Math.min(minutes.length, Math.floor((end - offsetSeconds) / 60));
    if (newest <= oldest) continue;
    const sum = minutes.slice(oldest, newest).reduce((total, minute) => total + minute, 0);
    count += (sum / (newest - oldest)) * tileMinutes;
  }
  return count;
}
