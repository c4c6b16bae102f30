/** Rare events that come one by one, such as failures of a healthy service. */

/** What is left of a sum once its terms are this small a part of it. */
const NEGLIGIBLE = 1e-17;

/** Chances of 0, 1, … `count` - 1 events where `mean` are expected. */
export function poissonTerms(mean: number, count: number): number[] {
  const terms: number[] = [];
  // In logarithms, since e^-mean is 0 from 746 on.
  let logarithm = -mean;
  for (let events = 0; events < count; events++) {
    terms.push(Math.exp(logarithm));
    logarithm += Math.log(mean) - Math.log(events + 1);
  }
  return terms;
}

/** Chance of exactly `count` events where `mean` are expected. */
export function poissonTerm(mean: number, count: number): number {
  if (mean <= 0) return count === 0 ? 1 : 0;
  return Math.exp(-mean + count * Math.log(mean) - logFactorial(count));
}

/** Chance of at least `count` events where `mean` are expected. */
export function poissonAtLeast(count: number, mean: number): number {
  if (count <= mean) return 1 - poissonTerms(mean, count).reduce((sum, term) => sum + term, 0);
  // Above the mean each term is smaller than the one before, so only the first few count.
  let term = poissonTerm(mean, count);
  let sum = term;
  for (let events = count + 1; term > sum * NEGLIGIBLE; events++) {
    term *= mean / events;
    sum += term;
  }
  return sum;
}

/** Stirling's series is exact to 12 digits where it is used. */
function logFactorial(n: number): number {
  if (n > 50) return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
  let sum = 0;
  for (let factor = 2; factor <= n; factor += 1) sum += Math.log(factor);
  return sum;
}
