import { fewestMaintenanceHours } from '../../model/maintenance';
import { aCatalogue, edited } from '../support/catalogue-fixture';
import { synthEnvironment } from '../support/synth';

const TEST = 'environments/test.yaml';

function maintenancePolicy(settings: string): object {
  const [environment] = aCatalogue(
    edited(TEST, 'cluster: {', `cluster: { maintenance: { ${settings} },`),
  ).environments;
  if (environment === undefined) throw new Error('the fixture has no environment');
  const stack = synthEnvironment(environment).get('test-cluster-and-asm');
  return stack?.resource?.['google_container_cluster']?.['cluster'].maintenance_policy as object;
}

test('a change freeze is an exclusion of the cluster', () => {
  const freeze =
    "{ name: peak, start: '2026-11-20T00:00:00Z', end: '2026-12-01T00:00:00Z', scope: no-minor-or-node-upgrades }";
  expect(maintenancePolicy(`exclusions: [${freeze}]`)).toMatchObject({
    maintenance_exclusion: [
      {
        exclusion_name: 'peak',
        start_time: '2026-11-20T00:00:00Z',
        end_time: '2026-12-01T00:00:00Z',
        exclusion_options: { scope: 'NO_MINOR_OR_NODE_UPGRADES' },
      },
    ],
  });
});

test('without a change freeze there is no exclusion', () => {
  expect(maintenancePolicy('durationHours: 6')).not.toHaveProperty('maintenance_exclusion');
});

test.each([
  // Four weeks with four windows each; of four more days at most three have none: 17 × 6 h.
  ['no exclusion', [], 102],
  ['an exclusion of minor upgrades only', [['2026-11-20', '2026-12-20', 'no-minor-upgrades']], 102],
  // From Friday 20 to Tuesday 1, one week and a Monday: five windows less.
  ['a freeze of eleven days', [['2026-11-20', '2026-12-01', 'no-upgrades']], 72],
] as const)('%s leaves the hours of the worst 32 days', (_name, exclusions, hours) => {
  expect(
    fewestMaintenanceHours({
      startTimeUtc: '02:00',
      durationHours: 6,
      days: ['MO', 'TU', 'WE', 'TH'],
      exclusions: exclusions.map(([start, end, scope]) => ({
        name: 'x',
        start: `${start}T00:00:00Z`,
        end: `${end}T00:00:00Z`,
        scope,
      })),
    }),
  ).toBe(hours);
});
