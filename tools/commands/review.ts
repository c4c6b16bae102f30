import { Reviewer, type Review } from '../../model/review/review';
import { differences } from '../../model/review/json';
import { renderMarkdown } from '../plan-review/markdown';
import { readPlan, stackOfPlan } from '../plan-review/read-plan';
import { UsageError } from '../command-line';
import { environmentOf } from '../synthesized-stacks';

/** One review per environment. */
export async function reviewPlans(files: readonly string[]): Promise<Review[]> {
  const reviewers = new Map<string, Reviewer>();
  const stacks = files.map(stackOfPlan);
  const duplicate = stacks.find((stack, index) => stacks.indexOf(stack) !== index);
  if (duplicate !== undefined)
    throw new UsageError(`there are two plans of '${duplicate}'; review only one of them`);
  for (const file of files) {
    const environment = environmentOf(stackOfPlan(file));
    const reviewer = reviewers.get(environment) ?? new Reviewer(environment);
    reviewers.set(environment, reviewer);
    await readPlan(file, reviewer);
  }
  return [...reviewers.values()].map((reviewer) => reviewer.review());
}

export type ReviewFormat = 'markdown' | 'json';

/** @param preface heading of the Markdown, and additional keys of the JSON */
export function renderReviews(
  reviews: readonly Review[],
  format: ReviewFormat,
  preface?: { readonly line: string; readonly json: object },
): string {
  if (format === 'json') {
    const report = { formatVersion: 2, ...preface?.json, environments: reviews.map(withoutValues) };
    return JSON.stringify(report, null, 2);
  }
  const text = reviews.length === 0 ? 'No changes in any environment.' : renderMarkdown(reviews).trimEnd();
  return preface === undefined ? text : `${preface.line}\n\n${text}`;
}

/** The JSON has addresses and paths only: values are in the plan. */
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
