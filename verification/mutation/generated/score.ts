import type { GeneratedMutations, GeneratedSurvivor, Score } from './figures';
import type { Mutant } from './mutant';
import type { Verdict } from './progress';
import { reasonOf } from './survivors';

type Facts = Pick<
  GeneratedMutations,
  'environment' | 'seed' | 'possible' | 'refused' | 'unchanged' | 'minutes'
>;

export const LEAST_KILLED_PERCENT = 97;
const UNEXPLAINED = '';

export function figuresOf(
  facts: Facts,
  mutants: readonly Mutant[],
  verdictOf: (mutant: Mutant) => Verdict,
): GeneratedMutations {
  const byTest: Record<string, number> = {};
  for (const mutant of mutants) {
    const verdict = verdictOf(mutant);
    if (verdict === null) continue;
    const group = verdict.startsWith('judge/') ? verdict : (verdict.split('/')[0] ?? '');
    byTest[group] = (byTest[group] ?? 0) + 1;
  }
  return {
    ...facts,
    byKind: scores(mutants, verdictOf, ({ kind }) => kind),
    byOperator: scores(mutants, verdictOf, ({ operator }) => operator),
    byTest: sortedByKey(byTest),
    survivors: mutants
      .filter((mutant) => verdictOf(mutant) === null)
      .map((mutant): GeneratedSurvivor => ({
        id: mutant.id,
        reason: explanationOf(mutant) ?? UNEXPLAINED,
      }))
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

/** What keeps the figures from being good enough, as sentences. */
export function shortfallsOf({ byKind, survivors }: GeneratedMutations): string[] {
  const total = Object.values(byKind).reduce((sum, score) => sum + score.total, 0);
  const percent = ((total - survivors.length) / total) * 100;
  return [
    ...(percent < LEAST_KILLED_PERCENT
      ? [`only ${percent.toFixed(1)} % of the mutants are killed, not ${LEAST_KILLED_PERCENT} %`]
      : []),
    ...survivors
      .filter(({ reason }) => reason === UNEXPLAINED)
      .map(
        ({ id }) =>
          `no test notices '${id}': add a test, or a reason in verification/mutation/generated/survivors.ts`,
      ),
  ];
}

function scores(
  mutants: readonly Mutant[],
  verdictOf: (mutant: Mutant) => Verdict,
  keyOf: (mutant: Mutant) => string,
): Readonly<Record<string, Score>> {
  const found: Record<string, Score> = {};
  for (const mutant of mutants) {
    const { killed, total } = found[keyOf(mutant)] ?? { killed: 0, total: 0 };
    found[keyOf(mutant)] = { killed: killed + (verdictOf(mutant) === null ? 0 : 1), total: total + 1 };
  }
  return sortedByKey(found);
}

function sortedByKey<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)));
}

interface MutatedSpec {
  readonly rules?: readonly {
    readonly to?: readonly { readonly operation?: { readonly methods?: readonly string[] } }[];
  }[];
  readonly http?: readonly {
    readonly name?: string;
    readonly fault?: { readonly abort?: { readonly percentage?: { readonly value?: number } } };
  }[];
}

/** Why it does not matter that nobody notices the mutant; undefined if it does. */
export function explanationOf({ id, original }: Mutant): string | undefined {
  const { http = [], rules = [] } = (original['spec'] ?? {}) as MutatedSpec;
  return reasonOf(
    id,
    (rule) => {
      const { name = '', fault } = http[rule] ?? {};
      return fault?.abort?.percentage?.value === 100 || name.startsWith('preflight-');
    },
    (rule) => rules[rule]?.to?.[0]?.operation?.methods?.join() === 'OPTIONS',
  );
}
