import { OPERATORS, type Mutant } from './mutant';

/** Numbers in [0, 1) that depend on the seed only (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * The mutants in the order in which a sample takes them: one of each kind of object and operator in turn, so that no
 * kind and no operator is left out because others are more frequent.
 */
export function stratified(mutants: readonly Mutant[], seed: number): Mutant[] {
  const random = seededRandom(seed);
  const strata = new Map<string, Mutant[]>();
  for (const mutant of mutants) {
    const key = `${mutant.kind}/${OPERATORS.indexOf(mutant.operator)}`;
    strata.set(key, [...(strata.get(key) ?? []), mutant]);
  }
  const queues = [...strata.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, stratum]) => shuffled(stratum, random));
  const ordered: Mutant[] = [];
  for (let round = 0; queues.some((queue) => round < queue.length); round += 1)
    for (const queue of queues) {
      const mutant = queue[round];
      if (mutant !== undefined) ordered.push(mutant);
    }
  return ordered;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let index = copy.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [copy[index], copy[other]] = [copy[other] as T, copy[index] as T];
  }
  return copy;
}
