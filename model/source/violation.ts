/** One error or warning about the configuration, with its place and a fix for its author. */
export interface Violation {
  /** Relative to the working directory. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Path in the document, such as `calls[0].service`; empty for the whole document. */
  readonly path: string;
  /** The offending value and the rule that it breaks. Lower case, no full stop. */
  readonly rule: string;
  /** What to change. */
  readonly fix?: string;
  /** Id of the rule, such as `RES-004`. Undefined for an error in the file itself. */
  readonly ruleId?: string;
}

/** All violations of all files. */
export class CatalogueError extends Error {
  constructor(public readonly violations: readonly Violation[]) {
    super(violations.map(formatViolation).join('\n'));
    this.name = 'CatalogueError';
  }
}

export function formatViolation(violation: Violation): string {
  const place = `${violation.file}:${violation.line}:${violation.column}`;
  const subject = violation.path === '' ? '' : `${violation.path}: `;
  const fix = violation.fix === undefined ? '' : `; ${violation.fix}`;
  const rule = violation.ruleId === undefined ? '' : ` [${violation.ruleId}]`;
  return `${place}: ${subject}${violation.rule}${fix}${rule}`;
}

/** Orders by code unit, independently of the machine's locale. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By file, line, column, then text. */
export function sortByPlace(violations: readonly Violation[]): Violation[] {
  return [...violations].sort(
    (a, b) =>
      compareCodeUnits(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compareCodeUnits(a.rule, b.rule),
  );
}
