export const TOOL_COMPARISON_FILE = 'docs/generated/tool-comparison.json';

export const COMPARED_TOOLS = [
  'terraform validate',
  'istioctl validate',
  'all analyzers',
  'API server',
  'ours',
] as const;
export type ComparedTool = (typeof COMPARED_TOOLS)[number];

export interface ComparedEdit {
  readonly edit: string;
  /** First finding of each tool, for ours the ids of the rules; empty if the tool accepts the input. */
  readonly findings: Readonly<Record<ComparedTool, string>>;
}

export interface ToolComparison {
  /** Programs and their versions. */
  readonly versions: readonly string[];
  readonly rows: readonly ComparedEdit[];
}
