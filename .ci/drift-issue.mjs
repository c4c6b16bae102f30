// Opens, updates or closes the issue about drift: node .ci/drift-issue.mjs <folder with <environment>.md> <result>
// If <result> (of all plans) is success, an environment without a file has no drift; otherwise it is unknown.
import { fail, findIn, github, isWrittenByWorkflow, runUrl } from './github.mjs';
import { fitToLimit, reviewsIn } from './reviews.mjs';

/** Identifies the issue. Its label cannot: GitHub silently drops a label that the token may not set. */
const MARKER = '<!-- mesh-drift -->';
const LABEL = 'drift';
const TITLE = 'Drift: deployed resources differ from the code';
const [folder, result] = process.argv.slice(2);

try {
  if (!folder || !result)
    throw new Error('usage: drift-issue.mjs <folder with reviews> <result of the plans>');
  const allPlanned = result === 'success';
  const reviews = reviewsIn(folder);
  // GitHub lists pull requests as issues, too.
  const issue = await findIn(
    'issues',
    (one) => one.pull_request === undefined && isWrittenByWorkflow(one, MARKER),
  );
  if (reviews.length === 0 && !allPlanned) {
    console.log('no drift in the plans that succeeded; the issue, if any, stays unchanged');
  } else if (reviews.length === 0) {
    if (issue)
      await github('PATCH', `issues/${issue.number}`, { state: 'closed', state_reason: 'completed' });
    console.log(issue ? `no drift; closed #${issue.number}` : 'no drift');
  } else {
    const preface = `${MARKER}\nApplying these plans ([run](${runUrl()})) reverts the changes below. First find out who made them and why: docs/runbooks/drift.md.${allPlanned ? '' : ' At least one environment could not be planned.'}`;
    const body = fitToLimit(preface, reviews, runUrl());
    if (issue) await github('PATCH', `issues/${issue.number}`, { body });
    else await github('POST', 'issues', { title: TITLE, labels: [LABEL], body });
    const names = reviews.map(({ environment }) => environment).join(', ');
    console.log(`${issue ? `updated #${issue.number}` : 'opened an issue'}: ${names}`);
  }
} catch (error) {
  fail(error);
}
