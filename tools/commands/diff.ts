import { isChanged } from '../../model/review/resource-change';
import { Reviewer, type Review } from '../../model/review/review';
import { synthesizedChanges } from '../../model/review/synthesized';
import { choices } from '../../model/source/suggest';
import { UsageError } from '../command-line';
import type { SynthesisComparison } from '../plan-review/two-syntheses';
import { environmentOf } from '../synthesized-stacks';

/**
 * One review per environment with changes or risks.
 *
 * @param environment only this one; all if left out
 * @throws UsageError if neither side has the environment
 */
export function reviewComparison(
  {
    before,
    after,
    releaseTransitions = [],
  }: Pick<SynthesisComparison, 'before' | 'after'> & Partial<SynthesisComparison>,
  environment: string | undefined,
): Review[] {
  const stacks = [...new Set([...before.keys(), ...after.keys()])].sort();
  const names = [...new Set(stacks.map(environmentOf))];
  if (environment !== undefined && !names.includes(environment))
    throw new UsageError(`unknown environment '${environment}'; ${choices(environment, names)}`);
  return names
    .filter((name) => environment === undefined || name === environment)
    .map((name) => {
      const reviewer = new Reviewer(name);
      const own = stacks.filter((id) => environmentOf(id) === name);
      const removed = own.filter((id) => !after.has(id));
      reviewer.addRemovedStacks(removed, removed.length === own.length);
      if (!own.some((id) => before.has(id))) reviewer.addNewEnvironment();
      for (const stack of own.filter((id) => after.has(id))) {
        const changes = synthesizedChanges(stack, before.get(stack), after.get(stack));
        for (const change of changes) reviewer.addChange(change);
        if (changes.some(isChanged)) reviewer.addStack(stack);
      }
      reviewer.addReleaseTransitions(releaseTransitions);
      return reviewer.review();
    })
    .filter(({ changes, flags }) => changes.length > 0 || flags.length > 0);
}
