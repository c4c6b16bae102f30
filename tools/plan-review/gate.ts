/** Gates of a review: they block on flags by name, or on a severity and every higher one. */
import { FLAGS } from '../../model/review/flags';
import { RISK_SEVERITIES, type RiskSeverity } from '../../model/review/flags/flag';
import type { RaisedFlag, Review } from '../../model/review/review';
import { choices } from '../../model/source/suggest';
import { UsageError } from '../command-line';

/** The review succeeded and a gate blocks; 1 is an error, as for `terraform plan -detailed-exitcode`. */
export const EXIT_BLOCKED = 2;

export interface Gate {
  readonly name: string;
  readonly blocks: (flag: RaisedFlag) => boolean;
}

/** @throws UsageError if a name is neither a flag nor a severity */
export function gatesNamed(names: readonly string[]): Gate[] {
  return names.map((name) => {
    const severity = RISK_SEVERITIES.find((known) => known === name);
    if (severity !== undefined) return { name, blocks: (flag) => isAtLeast(flag.severity, severity) };
    if (FLAGS.some(({ id }) => id === name)) return { name, blocks: (flag) => flag.id === name };
    const known = [...RISK_SEVERITIES, ...FLAGS.map(({ id }) => id)];
    throw new UsageError(`'${name}' is neither a flag nor a severity; ${choices(name, known)}`);
  });
}

/** One line for each flag that a gate blocks on. */
export function blockedBy(gates: readonly Gate[], reviews: readonly Review[]): string[] {
  return reviews.flatMap(({ environment, flags }) =>
    flags
      .filter((flag) => gates.some((gate) => gate.blocks(flag)))
      .map(({ id, severity }) => `${environment}: ${severity} ${id}`),
  );
}

function isAtLeast(severity: RiskSeverity, lowest: RiskSeverity): boolean {
  return RISK_SEVERITIES.indexOf(severity) <= RISK_SEVERITIES.indexOf(lowest);
}
