/** The same broken inputs under every tool that could have told; made by `npm run rules:proof`. */
export const PROOF_TOOLS = [
  'terraform validate',
  'istioctl validate',
  'all analyzers',
  'API server',
  'ours',
] as const;
export type ProofTool = (typeof PROOF_TOOLS)[number];

export interface ProofRow {
  readonly edit: string;
  /** What each tool said of it, in its first words; empty if it accepted the input. */
  readonly findings: Readonly<Record<ProofTool, string>>;
}

export interface Proof {
  /** Programs and their versions. */
  readonly versions: readonly string[];
  readonly rows: readonly ProofRow[];
}

export function renderProof({ versions, rows }: Proof): string {
  const counts = PROOF_TOOLS.map((tool) => `${rows.filter(({ findings }) => findings[tool] !== '').length}`);
  return [
    `Each row is one edit, put in twice: into the catalogue for ours, and as what the edit would come to into the synthesized objects for the others. "told" means that the tool refused it or named it; the control row is the shop as it is. The edits are ours, most of them made to break one of our rules, so the last column flatters us; the API server passes over kinds whose definitions it lacks. Measured by \`npm run rules:proof\` with ${versions.join(', ')}.`,
    '',
    `| edit | ${PROOF_TOOLS.join(' | ')} |`,
    `| --- |${' --- |'.repeat(PROOF_TOOLS.length)}`,
    ...rows.map(
      ({ edit, findings }) =>
        `| ${edit} | ${PROOF_TOOLS.map((tool) => cell(tool, findings[tool])).join(' | ')} |`,
    ),
    `| **told, of ${rows.length - 1}** | ${counts.join(' | ')} |`,
  ].join('\n');
}

function cell(tool: ProofTool, finding: string): string {
  if (finding === '') return '–';
  return tool === 'ours' ? finding : 'told';
}
