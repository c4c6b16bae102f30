export interface Outcome {
  readonly what: string;
  /** The claim that noticed; none did if undefined. */
  readonly by: string | undefined;
  readonly seen: string;
}

const BEGIN = '<!-- mutations:begin -->';
const END = '<!-- mutations:end -->';
const LONGEST_CELL = 110;

export function renderTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(
    ({ what, by, seen }) =>
      `| ${cell(what)} | ${by === undefined ? '**nobody**' : `\`${by}\``} | ${cell(seen)} |`,
  );
  const caught = outcomes.filter(({ by }) => by !== undefined).length;
  return [
    `${caught} of ${outcomes.length} mutations are caught.`,
    '',
    '| what is made wrong | noticed by | what was seen |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** The document with the table between its marks. */
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
