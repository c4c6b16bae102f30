import { quotaDemand, shortagesOf, type QuotaLimits } from '../../model/quota-demand';
import { aCatalogue, edited } from '../support/catalogue-fixture';

const TEST = 'environments/test.yaml';
const CLUSTER = 'cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 20 } }';

function demandsOf(cluster: string) {
  const [environment] = aCatalogue(
    edited(TEST, CLUSTER, cluster, edited(TEST, 'zones: [b]', 'zones: [b, c, d]')),
  ).environments;
  if (environment === undefined) throw new Error('the fixture has no environment');
  return quotaDemand(environment);
}

const N2 = 'cluster: { nodes: { machineType: n2-standard-8, minPerZone: 2, maxPerZone: 10, diskGiB: 100 } }';
const figures = (cluster: string) =>
  demandsOf(cluster).map(({ metric, scope, atRest, atPeak }) => [metric, scope, atRest, atPeak]);

test('six nodes of eight vCPUs at rest, 31 at the peak, and the temporary pool of the first apply', () => {
  expect(figures(N2)).toEqual([
    ['N2_CPUS', 'region', 48, 248],
    ['CPUS', 'region', 6, 6],
    ['CPUS_ALL_REGIONS', 'project', 48, 248],
    ['SSD_TOTAL_GB', 'region', 600, 3_100],
    ['INSTANCES', 'region', 6, 31],
    ['IN_USE_ADDRESSES', 'region', 2, 2],
    ['STATIC_ADDRESSES', 'region', 2, 2],
    ['STATIC_ADDRESSES', 'project', 1, 1],
    ['NETWORKS', 'project', 1, 1],
    ['SECURITY_POLICIES', 'project', 1, 1],
  ]);
});

test('a zonal cluster has nodes in one zone, and the temporary pool can be larger than the pool at rest', () => {
  expect(
    figures(
      'cluster: { location: zonal, nodes: { machineType: e2-standard-4, minPerZone: 0, maxPerZone: 5 } }',
    ).slice(0, 4),
  ).toEqual([
    ['CPUS', 'region', 2, 24],
    ['CPUS_ALL_REGIONS', 'project', 2, 24],
    ['SSD_TOTAL_GB', 'region', 100, 600],
    ['INSTANCES', 'region', 1, 6],
  ]);
});

test('Autopilot needs at least the vCPUs that the pods request', () => {
  // 2 × (4 × 350 + 2 × 250) millicores at rest, five times the services and gateways 10 and 5 at the peak.
  expect(figures('cluster: { mode: autopilot }').slice(0, 2)).toEqual([
    ['CPUS', 'region', 4, 18],
    ['CPUS_ALL_REGIONS', 'project', 4, 18],
  ]);
});

describe('shortages', () => {
  const demands = demandsOf(N2);
  const limits = (region: Record<string, number>): QuotaLimits => ({
    region: new Map(
      Object.entries({
        N2_CPUS: 248,
        CPUS: 24,
        SSD_TOTAL_GB: 3_100,
        INSTANCES: 31,
        IN_USE_ADDRESSES: 8,
        STATIC_ADDRESSES: 8,
        ...region,
      }),
    ),
    project: new Map(
      Object.entries({ CPUS_ALL_REGIONS: 248, STATIC_ADDRESSES: 8, NETWORKS: 5, SECURITY_POLICIES: 10 }),
    ),
  });

  test('none if every limit is at least the peak', () => {
    expect(shortagesOf(demands, limits({}))).toEqual([]);
  });

  test('a limit below the peak', () => {
    expect(shortagesOf(demands, limits({ N2_CPUS: 247 }))).toMatchObject([{ metric: 'N2_CPUS', limit: 247 }]);
  });

  test('a metric that the project does not report', () => {
    const other = N2.replace('n2-standard-8', 'z9-standard-8');
    expect(shortagesOf(demandsOf(other), limits({}))).toMatchObject([
      { metric: 'vCPUs of z9-standard-8', limit: undefined },
    ]);
  });

  test('spot VMs count against the usual quota until the project has one for them', () => {
    const spot = demandsOf(N2.replace('diskGiB: 100', 'spot: true'));
    expect(shortagesOf(spot, limits({ PREEMPTIBLE_CPUS: 0 }))).toEqual([]);
    expect(shortagesOf(spot, limits({ PREEMPTIBLE_CPUS: 8 }))).toMatchObject([
      { metric: 'PREEMPTIBLE_CPUS', limit: 8 },
    ]);
    expect(shortagesOf(spot, limits({ PREEMPTIBLE_CPUS: 0, N2_CPUS: 8 }))).toMatchObject([
      { metric: 'N2_CPUS', limit: 8 },
    ]);
  });
});
