/** `docs/edits.md`: every edit of the year with the outcome that `verify edits` tests. */
import { FLAGS } from '../../model/review/flags';
import { expectedVerdict, type CatalogueEdit, type EditVerdict, type Year } from '../edits/edit';
import { YEARS } from '../edits/year';

export function renderEditsPage(): string {
  const all = YEARS.flatMap(({ edits }) => edits);
  const count = (verdict: EditVerdict) => all.filter((edit) => verdictOf(edit) === verdict).length;
  return `# A year of edits

${all.length} changes of two shops, as service teams, platform team, operations and machines make them, one commit each. What each leads to
was written down before it was tried: errors word by word, and for each environment the changed stacks, every headline and every
flag. \`npm run verify -- edits\` makes them in a git repository and sends each through its pull request: \`mesh validate\`, the tests
that are derived from the catalogue, \`mesh release check\`, \`mesh diff\`, the comparison with the base, the gate. Releases are
written by \`mesh release\` and \`mesh canary\`, at the time of the edit. Their inputs are reports of a healthy cluster
(\`verification/edits/cluster-reports.ts\`). \`.ci/run\` runs it.

${count('merged')} are merged, ${count('merged with critical-accepted')} are merged with the label \`critical-accepted\`, ${count('not merged')} are not merged: a command, a rule or the gate
refuses them. The label is for what deserves it: an environment or a secret that goes, a public route without token, a hotfix.

This page is generated from the expectations (\`verification/edits/year/\`), which also have the words of each review.
${YEARS.map(section).join('')}`;
}

function section({ shop, edits }: Year): string {
  const rows = edits.map((edit, index) =>
    [String(index + 1), edit.name, edit.by, verdictOf(edit), reasonFor(edit)].map(cell).join(' | '),
  );
  return `
## The ${shop}

| # | edit | by | outcome | flags of the reviews, or what is refused |
| --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}

function verdictOf(edit: CatalogueEdit): EditVerdict {
  const flags = Object.values(edit.reviews ?? {}).flatMap(({ flags = [] }) => flags);
  const critical = FLAGS.some(({ id, severity }) => severity === 'critical' && flags.includes(id));
  return expectedVerdict(edit, critical);
}

function reasonFor({ command, refused = [], releases = [], reviews = {}, accepted }: CatalogueEdit): string {
  const refusals = [...(command === undefined ? [] : [command]), ...refused, ...releases].map(wordsOf);
  const flags = Object.entries(reviews).map(
    ([environments, review]) =>
      `${environments}: ${(review.flags ?? []).map((flag) => `\`${flag}\``).join(', ') || 'none'}`,
  );
  if (refusals.length > 0) return refusals.join('; ');
  const reason = accepted === undefined ? [] : [`accepted because ${accepted}`];
  return [...(flags.length === 0 ? ['nothing to deploy'] : flags), ...reason].join('; ');
}

/** A pattern as people read it. */
function wordsOf(pattern: RegExp): string {
  const text = pattern.source
    .replace(/:\\d\+:\\d\+/g, '')
    .replace(/\\d\+/g, '…')
    .replace(/\.\*/g, ' … ')
    .replace(/\\(.)/g, '$1')
    .replace(/\$$/, '')
    .replace(/ +/g, ' ');
  return `\`${text.trim()}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
