/** What can be said of a catalogue, in whatever format it is told. */
import type { Judgement } from '../../model/catalogue/load';
import type { Severity } from '../../model/rules/rule';
import type { Violation } from '../../model/source/violation';
import { compare } from '../../model/source/sorted';

export interface Finding extends Violation {
  readonly severity: Severity;
}

/** Errors and warnings in one list, sorted by place. */
export function findingsOf({ violations, warnings }: Pick<Judgement, 'violations' | 'warnings'>): Finding[] {
  return [
    ...violations.map((violation): Finding => ({ ...violation, severity: 'error' })),
    ...warnings.map((violation): Finding => ({ ...violation, severity: 'warning' })),
  ].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
}
