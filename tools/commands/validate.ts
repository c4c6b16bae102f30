import type { Catalogue } from '../../model/environment';

/** One line for a catalogue without faults, and one for each environment in which a service does not run yet. */
export function renderSummary({ environments }: Catalogue): string {
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
  return [`${counts.join(', ')}: no faults`, ...waiting].join('\n');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
