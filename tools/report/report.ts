/** What can be said of a catalogue, in whatever format it is told. */
import type { Judgement } from '../../model/catalogue/load';
import type { Severity } from '../../model/rules/rule';
import type { Fault } from '../../model/source/fault';
import { compare } from '../../model/source/sorted';

export interface Finding extends Fault {
  readonly severity: Severity;
}

/** Errors and warnings in one list, sorted by place. */
export function findingsOf({ faults, warnings }: Pick<Judgement, 'faults' | 'warnings'>): Finding[] {
  return [
    ...faults.map((fault): Finding => ({ ...fault, severity: 'error' })),
    ...warnings.map((fault): Finding => ({ ...fault, severity: 'warning' })),
  ].sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
}
