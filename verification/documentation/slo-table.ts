/** The table of alerts in docs/slo.md. */
import { markdownTable } from 'markdown-table';
import type { Environment } from '../../model/environment';
import { renderAlertLoad, sloTables, tableNotes, tableRows } from '../../tools/commands/slo';

/** Every alert of the environment: when it fires, the error budget consumed by then, and what all of them query. */
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
  return [
    markdownTable([['service', 'objective', ...columns], ...rows]),
    '',
    ...notes,
    '',
    `${renderAlertLoad(environment)}.`,
  ].join('\n');
}
