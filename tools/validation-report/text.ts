import type { CheckedCatalogue } from '../../model/catalogue/load';
import { formatViolation } from '../../model/source/violation';
import { findingsOf } from './report';

/** Findings by location, waivers, and a summary line. */
export function renderText(checked: CheckedCatalogue): string {
  const findings = findingsOf(checked).map(({ severity, ...violation }) =>
    severity === 'warning' ? `warning: ${formatViolation(violation)}` : formatViolation(violation),
  );
  const waivers = checked.waivers.map(
    ({ file, rule, owner, expires, reason }) =>
      `waived until ${expires}: ${rule} in ${file}, by ${owner}: ${reason}`,
  );
  return [...findings, ...waivers, renderSummary(checked)].join('\n');
}

/** The counts, and one line for each environment in which a service is not released yet. */
export function renderSummary(checked: CheckedCatalogue): string {
  const { violations, warnings, waivers, environments } = checked;
  const found = [
    violations.length === 0 ? 'no errors' : count(violations.length, 'error', 'errors'),
    ...(warnings.length === 0 ? [] : [count(warnings.length, 'warning', 'warnings')]),
    ...(waivers.length === 0 ? [] : [count(waivers.length, 'waiver', 'waivers')]),
  ].join(', ');
  // With errors the environments are incomplete, and their counts would be wrong.
  if (violations.length > 0) return found;

  const services = new Set(
    environments.flatMap(({ services, unreleased }) => [...services.map(({ name }) => name), ...unreleased]),
  );
  const externals = new Set(
    environments.flatMap((environment) => environment.externals.map(({ name }) => name)),
  );
  const counts = [
    count(environments.length, 'environment', 'environments'),
    count(services.size, 'service', 'services'),
    count(externals.size, 'third party', 'third parties'),
  ];
  const notReleased = environments
    .filter(({ unreleased }) => unreleased.length > 0)
    .map(({ name, unreleased }) => `${name}: not released yet: ${unreleased.join(', ')}`);
  return [`${counts.join(', ')}: ${found}`, ...notReleased].join('\n');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
