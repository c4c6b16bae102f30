/** Switches of an environment, combined so that every pair of values occurs in at least one environment. */
import type { Switch } from '../../terraform/switches';

/** Switches that lead to other resources, with the edits of the small shop for each value. */
export const FACTORS = {
  cluster: {
    standard: [],
    autopilot: [
      { path: 'cluster', value: { mode: 'autopilot' } },
      { path: 'zones', value: ['b', 'c', 'd'] },
    ],
  },
  database: { alloydb: [], 'cloud-sql': [{ path: 'database.engine', value: 'cloud-sql' }] },
  connectivity: {
    'private-service-connect': [],
    'private-services-access': [{ path: 'database.connectivity', value: 'private-services-access' }],
  },
  logs: { unlocked: [], locked: [{ path: 'logs.locked', value: true }] },
  hop: { network: [], certificate: [{ path: 'ingress.hopEncryption', value: 'certificate' }] },
  attestation: { off: [], required: [{ path: 'images.attestation', value: 'required' }] },
  canary: {
    one: [],
    none: [
      { file: 'services/checkout.yaml', path: 'canary', value: undefined },
      ...['dev', 'prod'].flatMap((name) =>
        ['canary', 'images.v2'].map((path) => ({
          file: `releases/${name}.yaml`,
          path: `services.checkout.${path}`,
          value: undefined,
        })),
      ),
    ],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly Switch[]>>>>;

export type Factor = keyof typeof FACTORS;
/** Value of each switch. */
export type Combination = Readonly<Record<Factor, string>>;

/** One digit a switch. Six rows are the fewest that cover all pairs of seven switches with two values each. */
export const COMBINATIONS: readonly Combination[] = [
  '0000000',
  '1111110',
  '1110001',
  '1001101',
  '0101011',
  '0010110',
].map(
  (row) =>
    Object.fromEntries(
      Object.entries(FACTORS).map(([name, values], index) => [name, Object.keys(values)[Number(row[index])]]),
    ) as Combination,
);

export function switchesOf(combination: Combination): readonly Switch[] {
  return Object.entries(FACTORS).flatMap(
    ([name, values]) =>
      (values as Readonly<Record<string, readonly Switch[]>>)[combination[name as Factor]] ?? [],
  );
}

/** Values other than the first of each switch: `autopilot, cloud-sql`. */
export function nameOf(combination: Combination): string {
  const others = Object.entries(FACTORS)
    .filter(([name, values]) => Object.keys(values)[0] !== combination[name as Factor])
    .map(([name]) => combination[name as Factor]);
  return others.length === 0 ? 'default values' : others.join(', ');
}
