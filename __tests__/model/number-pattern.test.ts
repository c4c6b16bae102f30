import fc from 'fast-check';
import { numbersAbove } from '../../model/number-pattern';

test('the expression matches exactly the numbers above the limit', () => {
  const number = fc.oneof(
    fc.nat({ max: 1_100 }),
    fc.constantFrom(9, 10, 99, 100, 999, 9_999_999, 10_000_000),
    fc.nat(),
  );
  fc.assert(
    fc.property(number, number, (limit, candidate) => {
      for (const value of [candidate, limit, limit + 1])
        for (const text of [String(value), `00${value}`])
          expect([text, new RegExp(`^(${numbersAbove(limit)})$`).test(text)]).toEqual([text, value > limit]);
    }),
    { numRuns: 2_000 },
  );
});
