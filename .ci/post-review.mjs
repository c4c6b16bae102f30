// Posts the reviews of all environments as one comment of the pull request, or updates the one that is there:
// node .ci/post-review.mjs <number> <folder with <environment>.md> <what has changed, as npm run changed prints it>
import { fail, findOn, github, isOurs, runUrl } from './github.mjs';
import { fitting, reviewsIn } from './reviews.mjs';

/** How the comment is found again; GitHub does not show it. */
const MARKER = '<!-- mesh-review -->';
const [number, folder, changed] = process.argv.slice(2);

try {
  if (!/^\d+$/.test(number ?? '') || !folder || !changed)
    throw new Error('give the number of the pull request, a folder, and what has changed');
  const made = reviewsIn(folder);
  const failed = JSON.parse(changed)
    .map(({ environment }) => environment)
    .filter((name) => !made.some(({ environment }) => environment === name))
    .map((environment) => ({
      environment,
      text: `## ${environment}: could not be planned, see [the run](${runUrl()})`,
    }));
  const reviews = [...failed, ...made];
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
