import { markdownTable } from 'markdown-table';

export interface MutationResult {
  readonly what: string;
  /** Id of the test that failed; `undefined` if the mutation survived. */
  readonly killedBy: string | undefined;
  /** What the failed test has seen. */
  readonly seen: string;
}

const BEGIN = '<!-- mutations:begin -->';
const END = '<!-- mutations:end -->';
const LONGEST_CELL = 110;

export function renderTable(results: readonly MutationResult[]): string {
  const killed = results.filter(({ killedBy }) => killedBy !== undefined).length;
  const rows = results.map(({ what, killedBy, seen }) => [
    cell(what),
    killedBy === undefined ? '**survived**' : `\`${killedBy}\``,
    cell(seen),
  ]);
  return [
    `${killed} of ${results.length} mutations killed.`,
    '',
    markdownTable([['mutation', 'killed by', 'what the test saw'], ...rows]),
  ].join('\n');
}

/** Replaces the table between the markers of the document. */
export function replaceTable(document: string, table: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the document has no ${BEGIN} … ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${document.slice(end)}`;
}

function cell(text: string): string {
  const short = text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
  return short.replaceAll('|', '\\|');
}
