/** Which tools detect the invalid edits of `verify rule-proof`, for docs/rules.md. */
import { PROOF_TOOLS, type Proof, type ProofTool } from '../rule-proof/proof';

export function renderProof({ versions, rows }: Proof): string {
  const counts = PROOF_TOOLS.map((tool) => `${rows.filter(({ findings }) => findings[tool] !== '').length}`);
  return [
    `Each row is one invalid edit. Our rules see it in the catalogue, the other tools in the synthesized objects. "detected" means that the tool refuses the input or reports the error; the control row is the shop without an edit. We chose the edits, most of them to violate one of our rules, so the last column is biased in our favour. The API server accepts kinds whose definitions it lacks. Measured by \`npm run verify -- rule-proof\` with ${versions.join(', ')}.`,
    '',
    `| edit | ${PROOF_TOOLS.join(' | ')} |`,
    `| --- |${' --- |'.repeat(PROOF_TOOLS.length)}`,
    ...rows.map(
      ({ edit, findings }) =>
        `| ${edit} | ${PROOF_TOOLS.map((tool) => cell(tool, findings[tool])).join(' | ')} |`,
    ),
    `| **detected, of ${rows.length - 1}** | ${counts.join(' | ')} |`,
  ].join('\n');
}

function cell(tool: ProofTool, finding: string): string {
  if (finding === '') return '–';
  return tool === 'ours' ? finding : 'detected';
}
