/** Errors and warnings of a catalogue, for every report format. */
import type { CheckedCatalogue } from '../../model/catalogue/load';
import type { RuleSeverity } from '../../model/rules/rule';
import type { Violation } from '../../model/source/violation';
import { compareCodeUnits } from '../../model/source/violation';

export interface ValidationFinding extends Violation {
  readonly severity: RuleSeverity;
}

/** Errors and warnings in one list, sorted by place. */
export function findingsOf({
  violations,
  warnings,
}: Pick<CheckedCatalogue, 'violations' | 'warnings'>): ValidationFinding[] {
  return [
    ...violations.map((violation): ValidationFinding => ({ ...violation, severity: 'error' })),
    ...warnings.map((violation): ValidationFinding => ({ ...violation, severity: 'warning' })),
  ].sort((a, b) => compareCodeUnits(a.file, b.file) || a.line - b.line || a.column - b.column);
}
