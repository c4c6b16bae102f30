/** One thing that is wrong with the configuration, said so that its author can put it right. */
export interface Fault {
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
  readonly remedy?: string;
  /** Of the expert rule that is broken: `RES-004`. Left out where the file itself is wrong. */
  readonly ruleId?: string;
}

/** Thrown once, after everything has been read, with every fault. */
export class CatalogueError extends Error {
  constructor(public readonly faults: readonly Fault[]) {
    super(faults.map(formatFault).join('\n'));
    this.name = 'CatalogueError';
  }
}

export function formatFault(fault: Fault): string {
  const place = `${fault.file}:${fault.line}:${fault.column}`;
  const subject = fault.path === '' ? '' : `${fault.path}: `;
  const remedy = fault.remedy === undefined ? '' : `; ${fault.remedy}`;
  const rule = fault.ruleId === undefined ? '' : ` [${fault.ruleId}]`;
  return `${place}: ${subject}${fault.rule}${remedy}${rule}`;
}
