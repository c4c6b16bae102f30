// Posts the reviews of all environments as one comment of the pull request, or updates the one that is there:
// node .ci/post-review.mjs <number> <folder with <environment>.md>
import { fail, findOn, github, isOurs, runUrl } from './github.mjs';
import { fitting, reviewsIn } from './reviews.mjs';

/** How the comment is found again; GitHub does not show it. */
const MARKER = '<!-- mesh-review -->';
const [number, folder] = process.argv.slice(2);

try {
  if (!/^\d+$/.test(number ?? '') || !folder)
    throw new Error('give the number of the pull request, and a folder');
  const reviews = reviewsIn(folder);
  const body =
    reviews.length === 0 ? `${MARKER}\nThis change plans no stack.\n` : fitting(MARKER, reviews, runUrl());
  const comment = await findOn(`issues/${number}/comments`, (one) => isOurs(one, MARKER));
  if (comment) await github('PATCH', `issues/comments/${comment.id}`, { body });
  else await github('POST', `issues/${number}/comments`, { body });
  console.log(`${comment ? 'updated' : 'posted'} the review of ${reviews.length} environments`);
} catch (error) {
  fail(error);
}
