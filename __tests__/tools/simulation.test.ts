import { readFileSync } from 'node:fs';
import { sequentialTest } from '../../model/canary/sequential-test';
import { requestsNeeded } from '../../model/canary/sample-size';
import { Random } from '../../verification/canary-simulation/random';
import { SIMULATION_FILE, type Simulation } from '../../verification/canary-simulation/main';
import { minuteOf } from '../../verification/canary-simulation/traffic';

const committed = JSON.parse(readFileSync(SIMULATION_FILE, 'utf8')) as Simulation;

test('at most 1 healthy release in 1,000 is rolled back, and at most 1 in 100 faulty ones is not', () => {
  const { runs } = committed;
  for (const { outcomes, shared } of committed.series) {
    const [healthy, , atMultiple, gross] = outcomes;
    expect(healthy?.rolledBack).toBeLessThanOrEqual(1);
    expect(atMultiple?.rolledBack).toBeGreaterThanOrEqual(runs * 0.99);
    expect(gross?.rolledBack).toBe(runs);
    expect(shared.rolledBack).toBeLessThanOrEqual(1);
  }
});

test('simulated traffic has the configured rates of requests and failures', () => {
  const random = new Random(7);
  const minutes = Array.from({ length: 2_000 }, () =>
    minuteOf({ canaryPerSecond: 0.5, stablePerSecond: 20, canaryFailed: 0.1, stableFailed: 0.01 }, random),
  );
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  expect(mean(minutes.map(({ canary }) => canary.all))).toBeCloseTo(30, 0);
  expect(mean(minutes.map(({ canary }) => canary.failed)) / 3).toBeCloseTo(1, 1);
  expect(mean(minutes.map(({ stable }) => stable.all)) / 1_200).toBeCloseTo(1, 2);
  // The variance of a Poisson process is its mean.
  expect(mean(minutes.map(({ canary }) => (canary.all - 30) ** 2)) / 30).toBeCloseTo(1, 0);
});

test.each([
  // Multiple; requests needed by the canary alone, and beside 9 times or 1 times as much stable traffic.
  [2, 68_544, 86_272, 158_976],
  [5, 7_124, 9_280, 17_728],
  [20, 871, 1_090, 2_202],
])('%d times a budget of 0.1 %% needs this many requests', (multiple, alone, beside, halved) => {
  const test = sequentialTest(0.001, multiple, 0.001 / 4);

  expect([0, 9, 1].map((stable) => requestsNeeded(test, 0.01, stable))).toEqual([alone, beside, halved]);
});

test('a difference that no number of requests can detect needs infinitely many', () => {
  expect(requestsNeeded(sequentialTest(0.5, 5, 0.001), 0.01, 9)).toBe(Infinity);
});
