import { poissonAtLeast, poissonTerms } from '../../model/poisson';

test.each([
  [1, 1, 1 - Math.exp(-1)],
  [2, 1, 1 - 2 * Math.exp(-1)],
  [0, 5, 1],
])('at least %i events where %d are expected, by hand', (count, mean, chance) => {
  expect(poissonAtLeast(count, mean)).toBeCloseTo(chance, 14);
});

test.each([0.01, 3, 60, 900])(
  'below and above the mean of %d it is what the single chances leave',
  (mean) => {
    for (let count = 0; count < 2 * mean + 20; count += Math.ceil(mean / 10)) {
      const below = poissonTerms(mean, count).reduce((sum, term) => sum + term, 0);
      expect(poissonAtLeast(count, mean)).toBeCloseTo(1 - below, 10);
    }
  },
);

test('a chance too small to be told from 1 by subtraction keeps its digits', () => {
  // Of the first term, 1e-6^10 / 10!, all but a ten-millionth.
  expect(poissonAtLeast(10, 1e-6) / (1e-60 / 3_628_800)).toBeCloseTo(1, 5);
});

test('the millions of a busy service take no longer than the units of a quiet one', () => {
  expect(poissonAtLeast(5_000_000, 1_000_000)).toBe(0);
});
