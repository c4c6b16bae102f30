import { Reviewer, type Review } from '../../model/review/review';
import { differences } from '../../model/review/json';
import { STACK_NAMES } from '../../model/naming';
import { renderMarkdown } from '../review/markdown';
import { readPlan, stackOfPlan } from '../review/read-plan';
import { UsageError } from '../usage-error';

/** One review an environment, of however many of its stacks. */
export async function reviewPlans(files: readonly string[]): Promise<Review[]> {
  const reviewers = new Map<string, Reviewer>();
  const stacks = files.map(stackOfPlan);
  const twice = stacks.find((stack, index) => stacks.indexOf(stack) !== index);
  if (twice !== undefined) throw new UsageError(`there are two plans of '${twice}'; review one of them`);
  for (const file of files) {
    const environment = environmentOf(stackOfPlan(file));
    const reviewer = reviewers.get(environment) ?? new Reviewer(environment);
    reviewers.set(environment, reviewer);
    await readPlan(file, reviewer);
  }
  return [...reviewers.values()].map((reviewer) => reviewer.review());
}

export type ReviewFormat = 'markdown' | 'json';

export function renderReviews(reviews: readonly Review[], format: ReviewFormat): string {
  return format === 'markdown'
    ? renderMarkdown(reviews).trimEnd()
    : JSON.stringify({ formatVersion: 1, environments: reviews.map(withoutValues) }, null, 2);
}

/** Programs get addresses and paths; whole resources are for the plan to hold. */
function withoutValues({ changes, ...review }: Review) {
  return {
    ...review,
    resources: changes.map(({ before, after, action, ...change }) => ({
      ...change,
      action,
      paths:
        action === 'update' || action === 'replace' ? differences(before, after).map(({ path }) => path) : [],
    })),
  };
}

/** `prod-mesh-policies` and its shard `prod-mesh-policies-purchasing` are of `prod`. */
function environmentOf(stack: string): string {
  const ends = STACK_NAMES.flatMap((name) => {
    const [, environment] = new RegExp(`^(.+?)-${name}(?:-.+)?$`).exec(stack) ?? [];
    return environment ?? [];
  });
  return ends.sort((one, other) => other.length - one.length)[0] ?? stack;
}
