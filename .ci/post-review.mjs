// Posts the reviews of all environments as one comment of the pull request, or updates the one that is there:
// node .ci/post-review.mjs <number> <folder with <environment>.md>
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findOn, fitting, github, runUrl } from './github.mjs';

/** How the comment is found again; GitHub does not show it. */
const MARKER = '<!-- mesh-review -->';
const [number, folder] = process.argv.slice(2);

try {
  if (!/^\d+$/.test(number ?? '') || !folder)
    throw new Error('give the number of the pull request, and a folder');
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.md'))
        .sort()
    : [];
  const reviews = files.map(
    (name) => `## ${name.replace('.md', '')}\n\n${readFileSync(join(folder, name), 'utf8').trim()}\n`,
  );
  const text = reviews.length > 0 ? reviews.join('\n') : 'This change plans no stack.\n';
  const body = fitting(`${MARKER}\n${text}`, runUrl());
  // Anybody may write the marker; only a comment of the workflow is the workflow's to change.
  const mine = ({ body: old, user }) => user?.type === 'Bot' && old?.startsWith(MARKER);
  const comment = await findOn(`issues/${number}/comments`, mine);
  if (comment) await github('PATCH', `issues/comments/${comment.id}`, { body });
  else await github('POST', `issues/${number}/comments`, { body });
  console.log(`${comment ? 'updated' : 'posted'} the review of ${files.length} environments`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
