import {
  latencyReading,
  LATENCY_BOUNDARIES_MS,
  slowShares,
  type SlowShares,
} from '../../../model/slo/latency-reading';
import { Random } from '../../../verification/canary-simulation/random';

/** As Istio documents them for its own metric of proxies; Google might use these. */
const ISTIO_BOUNDARIES_MS = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/** Cumulative counts with an element for each boundary, and for all. */
function histogram(latencies: readonly number[], boundaries: readonly number[]): Map<string, number> {
  return new Map([
    ...boundaries.map((le): [string, number] => [String(le), latencies.filter((ms) => ms <= le).length]),
    ['+Inf', latencies.length],
  ]);
}

/** As `histogram_quantile` and Cloud Monitoring's distribution cut interpolate. */
function interpolatedSlowShare(buckets: ReadonlyMap<string, number>, thresholdMs: number): number {
  const bounds = [...buckets].map(([le, count]) => ({ le: Number(le.replace('+Inf', 'Infinity')), count }));
  const upper = bounds.find(({ le }) => le >= thresholdMs)!;
  const lower = bounds.filter(({ le }) => le < thresholdMs).at(-1) ?? { le: 0, count: 0 };
  const part = (thresholdMs - lower.le) / (upper.le - lower.le);
  return 1 - (lower.count + part * (upper.count - lower.count)) / bounds.at(-1)!.count;
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** A mixture of log-normal, uniform and constant latencies, each anywhere between 1 ms and half a minute. */
function randomLatencies(random: Random, count: number): number[] {
  const anyLatency = () => Math.exp(random.next() * Math.log(30_000));
  const parts = Array.from({ length: 1 + random.below(4) }, () => {
    const center = anyLatency();
    const width = random.next() * center;
    const sigma = random.next() * 1.5;
    return [
      () => center * Math.exp(sigma * normal(random)),
      () => center + width * random.next(),
      () => center,
    ][random.below(3)]!;
  });
  return Array.from({ length: count }, () => parts[random.below(parts.length)]!());
}

describe('the threshold is read', () => {
  test.each([
    [1, 1, 1, 0],
    [255, 128, 256, 127 / 255],
    [256, 256, 256, 0],
    [300, 256, 512, 44 / 300],
    [600_000, 524_288, undefined, 75_712 / 600_000],
  ])('of %d ms at %d ms, and at %s ms for certain', (thresholdMs, countedFromMs, certainFromMs, error) => {
    expect(latencyReading(thresholdMs)).toEqual({
      countedFromMs,
      ...(certainFromMs !== undefined && { certainFromMs }),
      error,
    });
  });
});

describe('the three distributions of the review, at 300 ms', () => {
  const uniform = (from: number, to: number, count: number) =>
    Array.from({ length: count }, (_, index) => from + ((index + 0.5) / count) * (to - from));
  // Quantiles of the log-normal distribution with median 120 ms of which 97.9 % take less than 300 ms.
  const random = new Random(1);
  const logNormal = Array.from({ length: 200_000 }, () => 120 * Math.exp(0.4505 * normal(random)));

  test.each([
    ['9 % at 260 to 295 ms', [...uniform(20, 120, 91_000), ...uniform(260, 295, 9_000)], 1, 0.925],
    ['log-normal, median 120 ms', logNormal, 0.979, 0.961],
    ['4.9 % at 320 to 500 ms', [...uniform(20, 120, 95_100), ...uniform(320, 500, 4_900)], 0.951, 0.959],
  ])('%s: good by the bounds, other than by interpolation', (_, latencies, good, interpolated) => {
    const buckets = histogram(latencies, LATENCY_BOUNDARIES_MS);
    const { counted, certain } = slowShares(buckets, 300);

    expect(1 - interpolatedSlowShare(buckets, 300)).toBeCloseTo(interpolated, 2);
    expect(latencies.filter((ms) => ms < 300).length / latencies.length).toBeCloseTo(good, 2);
    expect(1 - counted).toBeLessThanOrEqual(good + 0.001);
    expect(1 - certain).toBeGreaterThanOrEqual(good - 0.001);
  });
});

test('the true share of slow responses is always within the bounds, for any distribution and boundaries', () => {
  const random = new Random(7);
  let interpolationOutside = 0;
  for (let round = 0; round < 2_000; round++) {
    const latencies = randomLatencies(random, 200);
    const thresholdMs = 1 + random.below(2_000);
    const truth = latencies.filter((ms) => ms > thresholdMs).length / latencies.length;
    for (const boundaries of [LATENCY_BOUNDARIES_MS, ISTIO_BOUNDARIES_MS]) {
      const buckets = histogram(latencies, boundaries);
      const { counted, certain }: SlowShares = slowShares(buckets, thresholdMs);
      expect([counted, certain, truth, counted >= truth && truth >= certain]).toContain(true);
      if (Math.abs(interpolatedSlowShare(buckets, thresholdMs) - truth) > 0.02) interpolationOutside += 1;
    }
    const { countedFromMs, certainFromMs = Infinity } = latencyReading(thresholdMs);
    const over = (boundary: number) => latencies.filter((ms) => ms > boundary).length / latencies.length;
    const { counted, certain } = slowShares(histogram(latencies, LATENCY_BOUNDARIES_MS), thresholdMs);
    expect(counted).toBeCloseTo(over(countedFromMs), 9);
    expect(certain).toBeCloseTo(over(certainFromMs), 9);
  }
  // Otherwise the distributions would be too smooth to test anything.
  expect(interpolationOutside).toBeGreaterThan(200);
});

test('no responses are neither slow nor fast, and a histogram without boundaries makes all of them slow', () => {
  expect(slowShares(new Map(), 300)).toEqual({ counted: 0, certain: 0 });
  expect(slowShares(new Map([['+Inf', 0]]), 300)).toEqual({ counted: 0, certain: 0 });
  expect(slowShares(new Map([['+Inf', 8]]), 300)).toEqual({ counted: 1, certain: 0 });
});
