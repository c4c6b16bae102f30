import { rangeMinutes, sinceInstant } from '../../../model/canary/spans';
import { expectedCount } from '../../../verification/canary-lab/expected-count';

// From 100.2 s on, so the first range ends 240, 300 or 420 s after 101.
test.each([
  [5, '[4m])) and on() (vector(time()) >= 341))[299s:1m]) * 1 / 4'],
  [240, '[4m])) and on() (vector(time()) >= 341))[14399s:1m]) * 1 / 4'],
  [310, '[5m])) and on() (vector(time()) >= 401))[18599s:2m]) * 2 / 5'],
  [1_440, '[7m])) and on() (vector(time()) >= 521))[86399s:6m]) * 6 / 7'],
])('the count over at most %d min', (longestMinutes, end) => {
  const span = sinceInstant(100.2, longestMinutes);

  expect(span.count('x{}')).toBe(`sum_over_time((sum (increase(x{}${end}`);
  expect(span.count('x{}', 'le')).toBe(`sum_over_time((sum by (le) (increase(x{}${end}`);
});

test('every range is whole tiles and one sampling period, with room for four samples', () => {
  for (let longestMinutes = 2; longestMinutes <= 1_440; longestMinutes++) {
    const tile = Math.ceil(longestMinutes / 240);
    const range = rangeMinutes(longestMinutes);

    expect((range - 1) % tile).toBe(0);
    expect(range).toBeGreaterThanOrEqual(Math.max(4, tile + 1));
  }
});

describe('samples every 60 s', () => {
  const counts = (
    perMinute: (minute: number) => number,
    longestMinutes: number,
    ageMinutes: number,
    instantSeconds = 1_815,
    offsets = [0, 5, 20, 35, 55],
  ) => {
    const minutes = Array.from({ length: 2_000 }, (_, minute) => perMinute(minute));
    return offsets.flatMap((offsetSeconds) =>
      [true, false].map((closedRanges) =>
        expectedCount(
          { minutes, offsetSeconds, closedRanges },
          instantSeconds,
          longestMinutes,
          instantSeconds + ageMinutes * 60,
        ),
      ),
    );
  };

  test.each([5, 240, 310, 1_440])('are counted within the stated error over at most %d min', (longest) => {
    for (const age of [10, 60, 200, 250, 1_500])
      for (const count of counts(() => 60, longest, age)) {
        const traffic = Math.min(age, longest) * 60;
        expect(count).toBeGreaterThanOrEqual(
          traffic - (rangeMinutes(longest) + Math.ceil(longest / 240)) * 60,
        );
        expect(count).toBeLessThanOrEqual(traffic);
      }
  });

  test('no request from before the instant counts', () => {
    const until = (minute: number) => (minute < 30 ? 3_000 : 0);
    for (const count of counts(until, 240, 60)) expect(count).toBe(0);
  });

  // Not at offset 0: closed ranges then have another sample, and longer tiles count a burst as 0.8 to 1.2 of it.
  test.each([240, 310, 1_440])('a burst between two samples counts once over at most %d min', (longest) => {
    const burst = (minute: number) => (minute === 66 ? 500 : 0);
    for (const count of counts(burst, longest, 80, 1_200, [5, 20, 35, 55])) expect(count).toBeCloseTo(500, 6);
  });

  test('a burst leaves the fast window again', () => {
    const burst = (minute: number) => (minute === 50 ? 500 : 0);
    for (const count of counts(burst, 5, 34, 1_200)) expect(count).toBeCloseTo(500, 6);
    for (const count of counts(burst, 5, 40, 1_200)) expect(count).toBe(0);
  });
});
