import type { Judgement } from '../../model/catalogue/load';
import { formatViolation } from '../../model/source/violation';
import { findingsOf } from './report';

/** Findings by place, waivers, and one line that counts. */
export function renderText(judgement: Judgement): string {
  const findings = findingsOf(judgement).map(({ severity, ...violation }) =>
    severity === 'warning' ? `warning: ${formatViolation(violation)}` : formatViolation(violation),
  );
  const waivers = judgement.waivers.map(
    ({ file, rule, owner, expires, reason }) =>
      `waived until ${expires}: ${rule} in ${file}, by ${owner}: ${reason}`,
  );
  return [...findings, ...waivers, renderSummary(judgement)].join('\n');
}

/** One line that counts, and one for each environment in which a service does not run yet. */
export function renderSummary(judgement: Judgement): string {
  const { violations, warnings, waivers, environments } = judgement;
  const found = [
    violations.length === 0 ? 'no faults' : count(violations.length, 'fault', 'faults'),
    ...(warnings.length === 0 ? [] : [count(warnings.length, 'warning', 'warnings')]),
    ...(waivers.length === 0 ? [] : [count(waivers.length, 'waiver', 'waivers')]),
  ].join(', ');
  // Of a faulty catalogue the environments are incomplete, and counting them would mislead.
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
  const waiting = environments
    .filter(({ unreleased }) => unreleased.length > 0)
    .map(({ name, unreleased }) => `${name}: no release yet of ${unreleased.join(', ')}`);
  return [`${counts.join(', ')}: ${found}`, ...waiting].join('\n');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
