/** Which tools detect the invalid edits of `verify tool-comparison`, for docs/rules.md. */
import { COMPARED_TOOLS, type ToolComparison, type ComparedTool } from '../tool-comparison/comparison-file';

export function renderToolComparison({ versions, rows }: ToolComparison): string {
  const counts = COMPARED_TOOLS.map(
    (tool) => `${rows.filter(({ findings }) => findings[tool] !== '').length}`,
  );
  return [
    `Each row is one invalid edit. Our rules see it in the catalogue, the other tools in the synthesized objects. "detected" means that the tool refuses the input or reports the error; the control row is the shop without an edit. We chose the edits, most of them to violate one of our rules, so the last column is biased in our favour. The API server accepts kinds whose definitions it lacks. Measured by \`npm run verify -- tool-comparison\` with ${versions.join(', ')}.`,
    '',
    `| edit | ${COMPARED_TOOLS.join(' | ')} |`,
    `| --- |${' --- |'.repeat(COMPARED_TOOLS.length)}`,
    ...rows.map(
      ({ edit, findings }) =>
        `| ${edit} | ${COMPARED_TOOLS.map((tool) => cell(tool, findings[tool])).join(' | ')} |`,
    ),
    `| **detected, of ${rows.length - 1}** | ${counts.join(' | ')} |`,
  ].join('\n');
}

function cell(tool: ComparedTool, finding: string): string {
  if (finding === '') return '–';
  return tool === 'ours' ? finding : 'detected';
}
