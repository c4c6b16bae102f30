export const PROOF_FILE = 'docs/generated/rules-proof.json';

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
  /** First finding of each tool, for ours the ids of the rules; empty if the tool accepts the input. */
  readonly findings: Readonly<Record<ProofTool, string>>;
}

export interface Proof {
  /** Programs and their versions. */
  readonly versions: readonly string[];
  readonly rows: readonly ProofRow[];
}
