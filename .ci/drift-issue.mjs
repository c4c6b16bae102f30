// Opens, updates or closes the one issue about drift: node .ci/drift-issue.mjs <folder with <environment>.md> <result>
// An environment without a file did not drift, if the result of all plans is success; otherwise it may have.
import { fail, findOn, github, isOurs, runUrl } from './github.mjs';
import { fitting, reviewsIn } from './reviews.mjs';

/** By it the issue is found again, and not by its label, which GitHub drops in silence where it may not be set. */
const MARKER = '<!-- mesh-drift -->';
const LABEL = 'drift';
const TITLE = 'What runs is not what is written';
const [folder, result] = process.argv.slice(2);

try {
  if (!folder || !result)
    throw new Error('give the folder with the reviews of what has drifted, and the result of the plans');
  const allPlanned = result === 'success';
  const reviews = reviewsIn(folder);
  // The list of issues has pull requests in it.
  const issue = await findOn('issues', (one) => one.pull_request === undefined && isOurs(one, MARKER));
  if (reviews.length === 0 && !allPlanned) {
    console.log('no drift where plans could be made; any issue stays as it is');
  } else if (reviews.length === 0) {
    if (issue)
      await github('PATCH', `issues/${issue.number}`, { state: 'closed', state_reason: 'completed' });
    console.log(issue ? `no drift; closed #${issue.number}` : 'no drift');
  } else {
    const preface = `${MARKER}\nApplying these plans would change it back, see [the run](${runUrl()}). First ask who did it, and why: docs/runbooks/drift.md.${allPlanned ? '' : ' Not every environment could be planned.'}`;
    const body = fitting(preface, reviews, runUrl());
    if (issue) await github('PATCH', `issues/${issue.number}`, { body });
    else await github('POST', 'issues', { title: TITLE, labels: [LABEL], body });
    const names = reviews.map(({ environment }) => environment).join(', ');
    console.log(`${issue ? `updated #${issue.number}` : 'opened an issue'}: ${names}`);
  }
} catch (error) {
  fail(error);
}
