/** Poisson distribution, for rare independent events such as failures of a healthy service. */

/** Relative size of a term below which summation stops. */
const NEGLIGIBLE = 1e-17;

/** P(X = 0), … P(X = `count` - 1) for the given mean. */
export function poissonTerms(mean: number, count: number): number[] {
  const terms: number[] = [];
  // In logarithms, because e^-mean underflows to 0 from a mean of 746.
  let logarithm = -mean;
  for (let events = 0; events < count; events++) {
    terms.push(Math.exp(logarithm));
    logarithm += Math.log(mean) - Math.log(events + 1);
  }
  return terms;
}

/** P(X = `count`) for the given mean. */
export function poissonTerm(mean: number, count: number): number {
  if (mean <= 0) return count === 0 ? 1 : 0;
  return Math.exp(-mean + count * Math.log(mean) - logFactorial(count));
}

/** P(X ≥ `count`) for the given mean. */
export function poissonAtLeast(count: number, mean: number): number {
  if (count <= mean) return 1 - poissonTerms(mean, count).reduce((sum, term) => sum + term, 0);
  // Above the mean the terms decrease, so a few of them suffice.
  let term = poissonTerm(mean, count);
  let sum = term;
  for (let events = count + 1; term > sum * NEGLIGIBLE; events++) {
    term *= mean / events;
    sum += term;
  }
  return sum;
}

/** Stirling's series above 50, where it is exact to 12 digits. */
function logFactorial(n: number): number {
  if (n > 50) return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
  let sum = 0;
  for (let factor = 2; factor <= n; factor += 1) sum += Math.log(factor);
  return sum;
}
