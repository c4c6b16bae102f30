// Opens the pull request of a release: node .ci/open-release.mjs <folder with outcome.json>
// As a draft: GitHub runs no checks for what a workflow opens. They start when a person marks it as ready for review.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, findIn, github, isWrittenByWorkflow, runUrl } from './github.mjs';
import { branchOf, branchPrefixOf, titleOf } from './release-texts.mjs';

/** Anyone can open a pull request from a branch with this name, so the author counts as well. */
const MARKER = '<!-- mesh-release -->';
const [folder] = process.argv.slice(2);

try {
  if (!folder) throw new Error('usage: open-release.mjs <folder with outcome.json>');
  const outcome = JSON.parse(readFileSync(join(folder, 'outcome.json'), 'utf8'));
  const branch = branchOf(outcome);
  const title = titleOf(outcome);
  const isOf = (matches) => (pull) => isWrittenByWorkflow(pull, MARKER) && matches(pull.head?.ref ?? '');
  const body = textOf(outcome);
  const existing = await findIn(
    'pulls',
    isOf((ref) => ref === branch),
  );
  const pull =
    existing ?? (await github('POST', 'pulls', { title, body, head: branch, base: 'main', draft: true }));
  if (existing) await github('PATCH', `pulls/${pull.number}`, { title, body });
  await github('POST', `issues/${pull.number}/labels`, {
    labels: ['release', outcome.environment, ...(outcome.hotfix ? ['hotfix'] : [])],
  });
  console.log(`${existing ? 'updated' : 'opened'} #${pull.number}: ${title}`);
  const isSuperseded = isOf((ref) => ref !== branch && ref.startsWith(branchPrefixOf(outcome)));
  for (let former; (former = await findIn('pulls', isSuperseded));) {
    await github('POST', `issues/${former.number}/comments`, { body: `Superseded by #${pull.number}.` });
    await github('PATCH', `pulls/${former.number}`, { state: 'closed' });
    console.log(`closed #${former.number}`);
  }
} catch (error) {
  fail(error);
}

function textOf({ service, environment, image, formerImage, next, hotfix }) {
  return [
    MARKER,
    `\`${service}\` in \`${environment}\`: \`${formerImage ?? 'no image'}\` → \`${image}\``,
    ...(hotfix ? [`**Hotfix** without promotion: ${hotfix.ticket}, ${hotfix.reason}`] : []),
    `The image is in the registry, scanned and signed ([run](${runUrl()})). Mark this pull request as ready for review to start its checks.`,
    ...next.filter((step) => step.includes('mesh canary')).map((step) => `After the merge: ${step}.`),
  ].join('\n\n');
}
