import { isChanged } from '../../model/review/resource-change';
import { Reviewer, type Review } from '../../model/review/review';
import { synthesizedChanges } from '../../model/review/synthesized';
import { choices } from '../../model/source/suggest';
import { environmentOf } from '../plan-review/environment-of';
import type { Comparison } from '../plan-review/two-syntheses';
import { UsageError } from '../usage-error';

/**
 * One review an environment, those without a change left out.
 *
 * @param environment only this one; left out, all
 * @throws UsageError if neither side has the environment
 */
export function reviewComparison(
  { before, after }: Pick<Comparison, 'before' | 'after'>,
  environment: string | undefined,
): Review[] {
  const stacks = [...new Set([...before.keys(), ...after.keys()])].sort();
  const names = [...new Set(stacks.map(environmentOf))];
  if (environment !== undefined && !names.includes(environment))
    throw new UsageError(`'${environment}' is no environment; ${choices(environment, names)}`);
  return names
    .filter((name) => environment === undefined || name === environment)
    .map((name) => {
      const reviewer = new Reviewer(name);
      for (const stack of stacks.filter((id) => environmentOf(id) === name)) {
        const changes = synthesizedChanges(stack, before.get(stack), after.get(stack));
        for (const change of changes) reviewer.addChange(change);
        if (changes.some(isChanged)) reviewer.addStack(stack);
      }
      return reviewer.review();
    })
    .filter(({ changes }) => changes.length > 0);
}
