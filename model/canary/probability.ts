/** Sums of small probabilities, each exact to floating point. */

/** Chance of fewer than `bound` events, where `mean` are expected. */
export function poissonBelow(bound: number, mean: number): number {
  return poissonTerms(mean, bound).reduce((sum, term) => sum + term, 0);
}

/** Chances of 0, 1, … `count` - 1 events. */
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
