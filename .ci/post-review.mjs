// Posts the reviews of all environments as one comment of the pull request, or updates the one that is there:
// node .ci/post-review.mjs <number> <folder with <environment>.md> <what has changed, as npm run changed prints it>
import { fail, findOn, github, isOurs, runUrl } from './github.mjs';
import { fitting, reviewsIn } from './reviews.mjs';

/** How the comment is found again; GitHub does not show it. */
const MARKER = '<!-- mesh-review -->';
const [number, folder, changed] = process.argv.slice(2);

const list = (ids) => ids.map((id) => `\`${id}\``).join(', ');

try {
  if (!/^\d+$/.test(number ?? '') || !folder || !changed)
    throw new Error('give the number of the pull request, a folder, and what has changed');
  const made = reviewsIn(folder);
  const { planned, later, gone } = JSON.parse(changed);
  // The code of the pull request wrote these names.
  const names = [...planned, ...later].flatMap(({ environment, stacks }) => [environment, ...stacks]);
  if (![...names, ...gone].every((name) => /^[a-z0-9-]+$/.test(name)))
    throw new Error('what has changed names what can be no environment and no stack');
  const failed = planned
    .filter(({ environment: name }) => !made.some(({ environment }) => environment === name))
    .map(({ environment }) => `## ${environment}: could not be planned, see [the run](${runUrl()})`);
  const notes = [
    ...failed,
    ...later.map(
      ({ environment, stacks }) =>
        `## ${environment}: new, and planned after the merge\n\n${list(stacks)}; first the project is prepared: docs/runbooks/first-deploy.md`,
    ),
    ...(gone.length === 0
      ? []
      : [
          `## Gone, and not destroyed\n\n${list(gone)}: what they hold stays in the cloud and nobody owns it any more. Tear it down before this is merged: docs/runbooks/tear-down.md`,
        ]),
  ];
  const reviews = [...notes.map((text) => ({ text })), ...made];
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
