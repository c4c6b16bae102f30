/** One thing that is wrong with the configuration, said so that its author can put it right. */
export interface Violation {
  /** File as the user would open it, relative to the working directory. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** Place in the document, such as `calls[0].service`; empty for the document itself. */
  readonly path: string;
  /** What is there and what rule it breaks: lower case, no full stop. */
  readonly rule: string;
  /** What to do instead, if there is one answer. */
  readonly fix?: string;
  /** Of the expert rule that is broken: `RES-004`. Left out where the file itself is wrong. */
  readonly ruleId?: string;
}

/** Thrown once, after everything has been read, with every fault. */
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

/** By code unit: the same order on every machine, whatever its language. */
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
