/** Counters as a monitoring system samples them: at its own times, with gaps, and with restarts. */
import { Random } from '../canary-simulation/random';
import { TICK_SECONDS, type Sample } from './replay';

export interface Sampling {
  readonly periodSeconds: number;
  /** Time of the first sample. */
  readonly offsetSeconds: number;
  /** Every so many samples, one is missing. */
  readonly missingEvery?: number;
  /** Samples are up to so much early or late. */
  readonly jitterSeconds?: number;
  /** The counter starts again at 0. */
  readonly restartSeconds?: number;
  /** The counter exists only from one time to the other. */
  readonly lifetime?: readonly [from: number, to: number];
}

/** Requests from the start until a time, which is never negative. */
export type SampledRequests = (seconds: number) => number;

/** Every time of the first sample that a replay can have. */
export function offsetsBelow(periodSeconds: number): number[] {
  return Array.from({ length: periodSeconds / TICK_SECONDS }, (_, index) => index * TICK_SECONDS);
}

/** The samples until a time. */
export function sampled(requests: SampledRequests, sampling: Sampling, untilSeconds: number): Sample[] {
  const { periodSeconds, offsetSeconds, missingEvery = Infinity, jitterSeconds = 0 } = sampling;
  const { restartSeconds = Infinity, lifetime: [from, to] = [0, Infinity] } = sampling;
  const random = new Random(offsetSeconds);
  const samples: Sample[] = [];
  for (let index = 0; ; index++) {
    const jitter = random.below(2 * jitterSeconds + 1) - jitterSeconds;
    const seconds = offsetSeconds + index * periodSeconds + (index === 0 ? 0 : jitter);
    if (seconds > Math.min(untilSeconds, to)) return samples;
    if (seconds < from || index % missingEvery === missingEvery - 1) continue;
    const start = seconds >= restartSeconds ? restartSeconds : from;
    samples.push({ seconds, value: requests(seconds) - requests(start) });
  }
}

export function steady(perSecond: number): SampledRequests {
  return (seconds) => Math.floor(perSecond * seconds);
}

/** Independent requests. The times are drawn until the end. */
export function poisson(perSecond: number, untilSeconds: number, seed: number): SampledRequests {
  const random = new Random(seed);
  const times: number[] = [];
  for (let time = 0; time < untilSeconds;) {
    time -= Math.log(1 - random.next()) / perSecond;
    times.push(time);
  }
  return (seconds) => {
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[middle] ?? Infinity) <= seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
