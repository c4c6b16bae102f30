/** The table of docs/slo.md. */
import type { Environment } from '../../model/environment';
import { sloTables, tableNotes, tableRows } from '../../tools/commands/slo';

/** Every alert of the environment on one page, each with its times and what it costs until then. */
export function renderSloTable(environment: Environment): string {
  const tables = sloTables(environment);
  const [columns = []] = tables[0] === undefined ? [] : tableRows(tables[0]);
  const rows = tables.flatMap((table) =>
    tableRows(table)
      .slice(1)
      .map((row, index) => [...(index === 0 ? [table.subject, table.slo] : ['', '']), ...row]),
  );
  const notes = tables.flatMap((table) =>
    tableNotes(table).map((note) => `- ${table.subject}, ${table.slo}: ${note}`),
  );
  const header = ['of', 'promise', ...columns];
  return [...markdown([header, header.map(() => '-'), ...rows]), '', ...notes].join('\n');
}

/** Padded, as the formatter would leave it. */
function markdown(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(3, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      cell === '-' ? '-'.repeat(widths[column] ?? 3) : cell.padEnd(widths[column] ?? 3),
    );
    return `| ${cells.join(' | ')} |`;
  });
}
