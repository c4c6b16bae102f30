/** A review as Markdown, for a comment on a pull request or a terminal. */
import { differences } from '../../model/review/json';
import { EXTERNAL_CLIENTS } from '../../model/review/facts/fact';
import type { Severity } from '../../model/review/flags/flag';
import type { Action, ResourceChange } from '../../model/review/resource-change';
import type { RaisedFlag, Review } from '../../model/review/review';

const MARKS: Readonly<Record<Severity, string>> = { critical: '🛑', high: '🔶', medium: '🔸', notice: '▫️' };
const SIGNS: Readonly<Record<Action, string>> = {
  ...{ create: '+', update: '~', replace: '-/+', delete: '-', forget: 'forget', none: '=' },
};
/** Enough to see the point; the plan itself has the rest. */
const FINDINGS_SHOWN = 10;
const PATHS_SHOWN = 6;
const LONGEST_VALUE = 60;
const SAME_SHOWN = 20;
/** GitHub takes comments of up to 65,536 characters. */
const ADDRESSES_SHOWN = 150;

export function renderMarkdown(reviews: readonly Review[]): string {
  return `${reviews.map(renderReview).join('\n\n---\n\n')}\n`;
}

function renderReview(review: Review): string {
  return [
    `## ${review.environment}: ${summary(review)}`,
    ...headlineSection(review),
    ...flagSection(review.flags),
    ...reachSection(review),
    ...addressSection(review),
  ].join('\n\n');
}

function summary({ counts, changes, flags }: Review): string {
  const moved = counts.reduce((sum, { moved }) => sum + moved, 0);
  const total = (action: Action) => changes.filter((change) => change.action === action).length;
  const parts = [
    [total('create'), 'to create'],
    [total('update'), 'to change'],
    [total('replace'), 'to replace'],
    [total('delete') + total('forget'), 'to destroy'],
    [moved, 'to move'],
  ] as const;
  const phrases = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const worst = flags[0] === undefined ? '' : `, ${count(flags.length, 'risk', 'risks')}`;
  return `${phrases.length === 0 ? 'no changes' : phrases.join(', ')}${worst}`;
}

function headlineSection({ headlines }: Review): string[] {
  if (headlines.length === 0) return ['Nothing that the mesh does changes.'];
  const subjects = [...new Set(headlines.map(({ subject }) => subject))];
  const lines = subjects.flatMap((subject) => {
    const own = headlines.filter((headline) => headline.subject === subject);
    return own.map(({ text }) => `- **${plain(subject)}**: ${plain(text)}`);
  });
  return [lines.join('\n')];
}

function flagSection(flags: readonly RaisedFlag[]): string[] {
  if (flags.length === 0) return ['### Risks', 'None of the known ones.'];
  const lines = flags.flatMap(({ id, severity, title, findings }) => [
    `- ${MARKS[severity]} **${title}** (${severity}, \`${id}\`)`,
    ...findings.slice(0, FINDINGS_SHOWN).map(({ what, where }) => `  - \`${code(where)}\`: ${plain(what)}`),
    ...rest(findings.length - FINDINGS_SHOWN, '  - '),
  ]);
  return ['### Risks', lines.join('\n')];
}

function reachSection({ reach }: Review): string[] {
  if (reach.length === 0) return [];
  const lines = reach.map(({ subject, feltBy }) => {
    const services = feltBy.filter((name) => name !== EXTERNAL_CLIENTS);
    const who = [...services, ...(feltBy.includes(EXTERNAL_CLIENTS) ? [`**${EXTERNAL_CLIENTS}**`] : [])];
    return `| ${plain(subject)} | ${who.length === 0 ? 'nobody' : who.join(', ')} |`;
  });
  return [
    '### Who notices if it goes wrong',
    ['| changed | felt by |', '| --- | --- |', ...lines].join('\n'),
  ];
}

function addressSection({ counts, changes }: Review): string[] {
  const rows = counts.map(
    (row) =>
      `| ${row.stack} | ${row.create} | ${row.update} | ${row.replace} | ${row.delete} | ${row.moved} | ${row.drift} |`,
  );
  const table = [
    '| stack | create | change | replace | destroy | move | drift |',
    '| --- | --: | --: | --: | --: | --: | --: |',
    ...rows,
  ].join('\n');
  if (changes.length === 0) return ['### Resources', table];
  const lines = [...changes]
    .sort((one, other) => (one.address < other.address ? -1 : 1))
    .slice(0, ADDRESSES_SHOWN)
    .flatMap(addressLines);
  return [
    '### Resources',
    table,
    [
      '<details><summary>Addresses</summary>',
      '',
      ...lines,
      ...rest(changes.length - ADDRESSES_SHOWN, '- '),
      '',
      '</details>',
    ].join('\n'),
  ];
}

/** Of what is changed in place also what changes: a headline is a summary and must hide nothing. */
function addressLines(change: ResourceChange): string[] {
  const { stack, address, action, previousAddress, replacedBecauseOf } = change;
  const moved = previousAddress === undefined ? '' : `, moved from \`${code(previousAddress)}\``;
  const because = replacedBecauseOf.length === 0 ? '' : `, because of ${replacedBecauseOf.join(', ')}`;
  const found = action === 'update' || action === 'replace' ? ownDifferences(change) : [];
  return [
    `- \`${SIGNS[action]}\` \`${code(`${stack} ${address}`)}\`${moved}${because}`,
    ...found
      .slice(0, PATHS_SHOWN)
      .map(({ path, before, after }) => `  - \`${code(`${path}: ${shownPair(before, after)}`)}\``),
    ...rest(found.length - PATHS_SHOWN, '  - '),
  ];
}

/** What a manifest asks for says it all; the object that the cluster made of it repeats it. */
function ownDifferences({ type, before, after }: ResourceChange) {
  const found = differences(before, after);
  if (type !== 'kubernetes_manifest') return found;
  const outsideObject = found.filter(({ path }) => !/^object\b/.test(path));
  return outsideObject.length === 0 ? found : outsideObject;
}

/** Long texts from shortly before the place where they part. */
function shownPair(before: unknown, after: unknown): string {
  const [was, is] = [textOf(before), textOf(after)];
  const same = [...was].findIndex((sign, index) => sign !== is[index]);
  const start = Math.max(was.length, is.length) <= LONGEST_VALUE ? 0 : Math.max(0, same - SAME_SHOWN);
  return [was, is].map((text) => excerpt(text, start)).join(' → ');
}

function excerpt(text: string, start: number): string {
  const end = start + LONGEST_VALUE;
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${text.length > end ? '…' : ''}`;
}

function textOf(json: unknown): string {
  if (json === undefined || json === null) return 'none';
  return typeof json === 'string' ? json : JSON.stringify(json);
}

function rest(count: number, bullet: string): string[] {
  return count > 0 ? [`${bullet}and ${count} more`] : [];
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Text of a plan must not become markup, a mention or a second line; a `/*` at the end of a word is neither. */
function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`[\]<>#|~]|\*(?!\s|$|,)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (sign) => `\\${sign}`)
    .replace(/@/g, '@\u200b');
}

/** The same between backticks, where only a backtick counts. */
function code(text: string): string {
  return oneLine(text).replace(/`/g, "'");
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- a plan may hold anything, and a terminal obeys some of it
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}
