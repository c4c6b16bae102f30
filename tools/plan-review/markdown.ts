/** A review as Markdown, for a comment on a pull request or a terminal. */
import { differences } from '../../model/review/json';
import { EXTERNAL_CLIENTS } from '../../model/review/facts/fact';
import type { RiskSeverity } from '../../model/review/flags/flag';
import type { Action, ResourceChange } from '../../model/review/resource-change';
import type { RaisedFlag, Review } from '../../model/review/review';

const MARKS: Readonly<Record<RiskSeverity, string>> = {
  critical: '🛑',
  high: '🔶',
  medium: '🔸',
  notice: '▫️',
};
const SIGNS: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  replace: '-/+',
  delete: '-',
  forget: 'forget',
  none: '=',
};
/** The plan itself has the rest. */
const FINDINGS_SHOWN = 10;
const PATHS_SHOWN = 6;
const LONGEST_VALUE = 60;
const SAME_SHOWN = 20;
/** GitHub takes comments of up to 65,536 characters. */
const ADDRESSES_SHOWN = 150;

export function renderMarkdown(reviews: readonly Review[]): string {
  return `${reviews.map(renderReview).join('\n\n---\n\n')}\n`;
}

/** The flags alone, for risks that are known before there is a plan. */
export function renderRisks(reviews: readonly Review[]): string {
  return `${reviews
    .map(({ environment, flags }) =>
      [`## ${plain(environment)}: risks of the catalogue`, ...flagSection(flags)].join('\n\n'),
    )
    .join('\n\n')}\n`;
}

function renderReview(review: Review): string {
  return [
    `## ${review.environment}: ${summary(review)}`,
    ...headlineSection(review),
    ...flagSection(review.flags),
    ...blastRadiusSection(review),
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
  if (headlines.length === 0)
    return ['No change in access, routes, transport security, limits, workloads or SLOs.'];
  const subjects = [...new Set(headlines.map(({ subject }) => subject))];
  const lines = subjects.flatMap((subject) => {
    const own = headlines.filter((headline) => headline.subject === subject);
    return own.map(({ text }) => `- **${plain(subject)}**: ${plain(text)}`);
  });
  return [lines.join('\n')];
}

function flagSection(flags: readonly RaisedFlag[]): string[] {
  if (flags.length === 0) return ['### Risks', 'No known risks.'];
  const lines = flags.flatMap(({ id, severity, title, findings }) => [
    `- ${MARKS[severity]} **${title}** (${severity}, \`${id}\`)`,
    ...findings
      .slice(0, FINDINGS_SHOWN)
      .map(({ message, location }) => `  - \`${code(location)}\`: ${plain(message)}`),
    ...rest(findings.length - FINDINGS_SHOWN, '  - '),
  ]);
  return ['### Risks', lines.join('\n')];
}

function blastRadiusSection({ blastRadius }: Review): string[] {
  if (blastRadius.length === 0) return [];
  const lines = blastRadius.map(({ subject, affected }) => {
    const names = affected.map((name) => (name === EXTERNAL_CLIENTS ? `**${name}**` : name));
    return `| ${plain(subject)} | ${names.length === 0 ? 'none' : names.join(', ')} |`;
  });
  return ['### Blast radius', ['| changed | affected if it fails |', '| --- | --- |', ...lines].join('\n')];
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
      '<details><summary>Resource addresses</summary>',
      '',
      ...lines,
      ...rest(changes.length - ADDRESSES_SHOWN, '- '),
      '',
      '</details>',
    ].join('\n'),
  ];
}

/** Lists the changed values as well: headlines are a summary. */
function addressLines(change: ResourceChange): string[] {
  const { stack, address, action, previousAddress, replacedBecauseOf } = change;
  const moved = previousAddress === undefined ? '' : `, moved from \`${code(previousAddress)}\``;
  const forcedBy = replacedBecauseOf.length === 0 ? '' : `, forced by ${replacedBecauseOf.join(', ')}`;
  const found = action === 'update' || action === 'replace' ? ownDifferences(change) : [];
  return [
    `- \`${SIGNS[action]}\` \`${code(`${stack} ${address}`)}\`${moved}${forcedBy}`,
    ...found
      .slice(0, PATHS_SHOWN)
      .map(({ path, before, after }) => `  - \`${code(`${path}: ${beforeAndAfter(before, after)}`)}\``),
    ...rest(found.length - PATHS_SHOWN, '  - '),
  ];
}

/** `object` of a manifest is the API server's copy, and repeats what the manifest says. */
function ownDifferences({ type, before, after }: ResourceChange) {
  const found = differences(before, after);
  if (type !== 'kubernetes_manifest') return found;
  const outsideObject = found.filter(({ path }) => !/^object\b/.test(path));
  return outsideObject.length === 0 ? found : outsideObject;
}

/** Long texts are cut to start shortly before their first difference. */
function beforeAndAfter(before: unknown, after: unknown): string {
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

/** Escapes text of a plan: no markup, mention or second line. A `/*` at the end of a word needs no escape. */
function plain(text: string): string {
  return oneLine(text)
    .replace(/[\\`[\]<>#|~]|\*(?!\s|$|,)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, (sign) => `\\${sign}`)
    .replace(/@/g, '@\u200b');
}

/** Escapes text between backticks. */
function code(text: string): string {
  return oneLine(text).replace(/`/g, "'");
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- a plan may contain control characters, which a terminal would execute
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}
