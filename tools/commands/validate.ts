import type { Catalogue } from '../../model/environment';

/** One line for a catalogue without faults. */
export function renderSummary({ environments }: Catalogue): string {
  const services = new Set(
    environments.flatMap((environment) => environment.services.map(({ name }) => name)),
  );
  const externals = new Set(
    environments.flatMap((environment) => environment.externals.map(({ name }) => name)),
  );
  const counts = [
    count(environments.length, 'environment', 'environments'),
    count(services.size, 'service', 'services'),
    count(externals.size, 'third party', 'third parties'),
  ];
  return `${counts.join(', ')}: no faults`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
