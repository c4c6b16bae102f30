// Posts the reviews of all environments as one comment of the pull request, or updates the one that is there:
// node .ci/post-review.mjs <number> <folder with <environment>.md> <planned> <unplanned>, as npm run changed prints them
import { fail, findOn, github, isOurs, runUrl } from './github.mjs';
import { fitting, reviewsIn } from './reviews.mjs';

/** How the comment is found again; GitHub does not show it. */
const MARKER = '<!-- mesh-review -->';
/** A name comes from the pull request. */
const STACK = /^[a-z0-9-]+$/;
const [number, folder, planned, unplanned] = process.argv.slice(2);

try {
  if (!/^\d+$/.test(number ?? '') || !folder || !planned || !unplanned)
    throw new Error('give the number of the pull request, a folder, and what is planned and what is not');
  const made = reviewsIn(folder);
  const failed = JSON.parse(planned)
    .map(({ environment }) => environment)
    .filter((name) => !made.some(({ environment }) => environment === name))
    .map((environment) => ({
      environment,
      text: `## ${environment}: could not be planned, see [the run](${runUrl()})`,
    }));
  const reviews = [...failed, ...made, ...withoutPlan(JSON.parse(unplanned))];
  const missing = failed.length === 0 ? '' : `; ${failed.length} could not be planned`;
  const body =
    reviews.length === 0 ? `${MARKER}\nThis change plans no stack.\n` : fitting(MARKER, reviews, runUrl());
  const comment = await findOn(`issues/${number}/comments`, (one) => isOurs(one, MARKER));
  if (comment) await github('PATCH', `issues/comments/${comment.id}`, { body });
  else await github('POST', `issues/${number}/comments`, { body });
  console.log(`${comment ? 'updated' : 'posted'} the review of ${made.length} environments${missing}`);
} catch (error) {
  fail(error);
}

/** Of these no plan says anything, so the comment must. */
function withoutPlan({ added, removed }) {
  const lines = [
    [added, 'new to the pipeline, so planned once this is merged and its project is prepared'],
    [removed, 'no longer in the code, which destroys nothing: docs/runbooks/services-and-environments.md'],
  ].flatMap(([stacks, why]) =>
    stacks.filter((stack) => STACK.test(stack)).map((stack) => `- **${stack}**: ${why}`),
  );
  return lines.length === 0 ? [] : [{ text: ['## Without a plan', '', ...lines].join('\n') }];
}
