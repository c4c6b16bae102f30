/** What stops a pipeline: flags by name, or everything from a severity up. */
import { FLAGS } from '../../model/review/flags';
import { SEVERITIES, type Severity } from '../../model/review/flags/flag';
import type { RaisedFlag, Review } from '../../model/review/review';
import { choices } from '../../model/source/suggest';
import { UsageError } from '../usage-error';

/** The review worked, and a gate says stop; as `terraform plan -detailed-exitcode` tells changes from errors. */
export const EXIT_STOPPED = 2;

export interface Gate {
  readonly name: string;
  readonly stops: (flag: RaisedFlag) => boolean;
}

/** @throws UsageError if a name is neither a flag nor a severity */
export function gatesNamed(names: readonly string[]): Gate[] {
  return names.map((name) => {
    const severity = SEVERITIES.find((known) => known === name);
    if (severity !== undefined) return { name, stops: (flag) => isAtLeast(flag.severity, severity) };
    if (FLAGS.some(({ id }) => id === name)) return { name, stops: (flag) => flag.id === name };
    const known = [...SEVERITIES, ...FLAGS.map(({ id }) => id)];
    throw new UsageError(`'${name}' is no flag and no severity; ${choices(name, known)}`);
  });
}

/** One line for each flag that a gate stops at. */
export function stoppedBy(gates: readonly Gate[], reviews: readonly Review[]): string[] {
  return reviews.flatMap(({ environment, flags }) =>
    flags
      .filter((flag) => gates.some((gate) => gate.stops(flag)))
      .map(({ id, severity }) => `${environment}: ${severity} ${id}`),
  );
}

function isAtLeast(severity: Severity, bound: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(bound);
}
