// Posts the reviews of all environments as one comment on the pull request, or updates that comment:
// node .ci/post-review.mjs <number> <folder with <environment>.md> <planned> <unplanned>, the latter two as printed by
// npm run changed
import { fail, findIn, github, isWrittenByWorkflow, runUrl } from './github.mjs';
import { fitToLimit, reviewsIn } from './reviews.mjs';

/** Identifies the comment; invisible on GitHub. */
const MARKER = '<!-- mesh-review -->';
/** Risks that no plan shows, first. No environment has such a name. Written by `npm run changed`. */
const CATALOGUE = '_catalogue';
/** Names of stacks come from the pull request and are not trusted. */
const STACK = /^[a-z0-9-]+$/;
const [number, folder, planned, unplanned] = process.argv.slice(2);

try {
  if (!/^\d+$/.test(number ?? '') || !folder || !planned || !unplanned)
    throw new Error(
      'usage: post-review.mjs <pull request number> <folder with reviews> <planned> <unplanned>',
    );
  const all = reviewsIn(folder);
  const ofCatalogue = all.filter(({ environment }) => environment === CATALOGUE);
  const succeeded = all.filter(({ environment }) => environment !== CATALOGUE);
  const failed = JSON.parse(planned)
    .map(({ environment }) => environment)
    .filter((name) => !succeeded.some(({ environment }) => environment === name))
    .map((environment) => ({
      environment,
      text: `## ${environment}: could not be planned, see [the run](${runUrl()})`,
    }));
  const reviews = [...ofCatalogue, ...failed, ...succeeded, ...withoutPlan(JSON.parse(unplanned))];
  const missing = failed.length === 0 ? '' : `; ${failed.length} could not be planned`;
  const body =
    reviews.length === 0 ? `${MARKER}\nNo stack changes.\n` : fitToLimit(MARKER, reviews, runUrl());
  const comment = await findIn(`issues/${number}/comments`, (one) => isWrittenByWorkflow(one, MARKER));
  if (comment) await github('PATCH', `issues/comments/${comment.id}`, { body });
  else await github('POST', `issues/${number}/comments`, { body });
  console.log(`${comment ? 'updated' : 'posted'} the review of ${succeeded.length} environments${missing}`);
} catch (error) {
  fail(error);
}

/** Stacks that no plan covers. */
function withoutPlan({ added, removed }) {
  const lines = [
    [added, 'new environment, planned after this is merged and its project is prepared'],
    [
      removed,
      'removed from the code; its resources are not destroyed: docs/runbooks/services-and-environments.md',
    ],
  ].flatMap(([stacks, why]) =>
    stacks.filter((stack) => STACK.test(stack)).map((stack) => `- **${stack}**: ${why}`),
  );
  return lines.length === 0 ? [] : [{ text: ['## Without a plan', '', ...lines].join('\n') }];
}
