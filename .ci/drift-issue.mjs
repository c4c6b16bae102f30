// Opens, updates or closes the one issue about drift: node .ci/drift-issue.mjs <folder with <environment>.md>
// An environment without a file did not drift.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findOn, fitting, github, runUrl } from './github.mjs';

const LABEL = 'drift';
const TITLE = 'What runs is not what is written';
const [folder] = process.argv.slice(2);

try {
  if (!folder) throw new Error('give the folder with the reviews of what has drifted');
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.md'))
        .sort()
    : [];
  const issue = await findOn(`issues?state=open&labels=${LABEL}`, ({ title }) => title === TITLE);
  if (files.length === 0) {
    if (issue) await github('PATCH', `issues/${issue.number}`, { state: 'closed' });
    console.log(issue ? `no drift; closed #${issue.number}` : 'no drift');
  } else {
    const drift = files.map(
      (name) => `## ${name.replace('.md', '')}\n\n${readFileSync(join(folder, name), 'utf8').trim()}\n`,
    );
    const text = `Applying these plans would change it back, see [the run](${runUrl()}). First ask who did it, and why: docs/runbooks/drift.md.\n\n${drift.join('\n')}`;
    const body = fitting(text, runUrl());
    if (issue) await github('PATCH', `issues/${issue.number}`, { body });
    else await github('POST', 'issues', { title: TITLE, labels: [LABEL], body });
    console.log(`${issue ? `updated #${issue.number}` : 'opened an issue'}: ${files.join(', ')}`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
