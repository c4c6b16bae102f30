import { Reviewer, type Review } from '../../model/review/review';
import { differences } from '../../model/review/json';
import { environmentOf } from '../plan-review/environment-of';
import { renderMarkdown } from '../plan-review/markdown';
import { readPlan, stackOfPlan } from '../plan-review/read-plan';
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

/** @param preface what the reviews are about, for people and for programs */
export function renderReviews(
  reviews: readonly Review[],
  format: ReviewFormat,
  preface?: { readonly line: string; readonly facts: object },
): string {
  if (format === 'json') {
    const report = { formatVersion: 1, ...preface?.facts, environments: reviews.map(withoutValues) };
    return JSON.stringify(report, null, 2);
  }
  const text = reviews.length === 0 ? 'No environment changes.' : renderMarkdown(reviews).trimEnd();
  return preface === undefined ? text : `${preface.line}\n\n${text}`;
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
