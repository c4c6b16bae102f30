import { poissonAtLeast, poissonTerms } from '../../model/poisson';

test.each([
  [1, 1, 1 - Math.exp(-1)],
  [2, 1, 1 - 2 * Math.exp(-1)],
  [0, 5, 1],
])('P(X ≥ %i) for a mean of %d equals the manual calculation', (count, mean, probability) => {
  expect(poissonAtLeast(count, mean)).toBeCloseTo(probability, 14);
});

test.each([0.01, 3, 60, 900])(
  'below and above a mean of %d, P(X ≥ n) is 1 minus the sum of the terms below n',
  (mean) => {
    for (let count = 0; count < 2 * mean + 20; count += Math.ceil(mean / 10)) {
      const below = poissonTerms(mean, count).reduce((sum, term) => sum + term, 0);
      expect(poissonAtLeast(count, mean)).toBeCloseTo(1 - below, 10);
    }
  },
);

test('a tiny probability keeps its precision', () => {
  // The first term is 1e-6^10 / 10!, and the others add less than a ten-millionth of it.
  expect(poissonAtLeast(10, 1e-6) / (1e-60 / 3_628_800)).toBeCloseTo(1, 5);
});

test('counts in the millions do not underflow or take long', () => {
  expect(poissonAtLeast(5_000_000, 1_000_000)).toBe(0);
});
