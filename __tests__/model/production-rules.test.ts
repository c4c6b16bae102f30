import type { Environment } from '../../model/environment';
import { RULES } from '../../model/rules';
import { environmentSchema } from '../../model/schema/environment-schema';

const SOUND = environmentSchema.parse({
  name: 'test',
  production: true,
  project: { id: 'shop-test', number: '123456789012' },
  region: 'europe-west1',
  zones: ['b', 'c'],
  domainNames: { web: 'www.shop.example', api: 'api.shop.example' },
  jwt: {
    issuer: 'https://issuer.shop.example',
    jwksUri: 'https://www.googleapis.com/keys',
    audiences: ['shop'],
  },
  network: {
    nodesCidr: '10.0.0.0/20',
    podsCidr: '10.4.0.0/16',
    servicesCidr: '10.5.0.0/20',
    databaseEndpointIp: '10.0.15.10',
  },
  cluster: { nodes: { machineType: 'e2-standard-4', minPerZone: 1, maxPerZone: 2 } },
  database: { cpuCount: 2 },
  images: { attestation: 'required' },
  notifications: { page: ['a@shop.example'], ticket: ['b@shop.example'] },
});

function pathsAfter(change: (spec: any) => void): string[] {
  const spec = structuredClone(SOUND);
  change(spec);
  const environment = spec as unknown as Environment;
  return RULES.filter(({ id }) => id.startsWith('PRD-'))
    .flatMap((rule) => rule.check(environment, [environment]))
    .map(({ path }) => path.join('.'));
}

test('the defaults and attested images are enough', () => {
  expect(pathsAfter(() => undefined)).toEqual([]);
});

test.each<[string, (spec: any) => void]>([
  ['images.requireDigest', ({ images }) => (images.requireDigest = false)],
  ['images.sample', ({ images }) => (images.sample = 'registry.example/sample:1')],
  ['images.attestation', ({ images }) => (images.attestation = 'audit')],
  ['images.scanning', ({ images }) => (images.scanning = false)],
  ['deletionProtection', (spec) => (spec.deletionProtection = false)],
  ['cluster.location', ({ cluster }) => (cluster.location = 'zonal')],
  ['cluster.nodes.spot', ({ cluster }) => (cluster.nodes.spot = true)],
  ['database.availability', ({ database }) => (database.availability = 'zonal')],
  ['logs.retentionDays', ({ logs }) => (logs.retentionDays = 364)],
])('fails on %s', (path, change) => {
  expect(pathsAfter(change)).toEqual([path]);
});

test('a year of logs is enough, and any other environment may do without', () => {
  expect(pathsAfter(({ logs }) => (logs.retentionDays = 365))).toEqual([]);
  expect(
    pathsAfter((spec) => {
      spec.production = false;
      spec.deletionProtection = false;
      spec.logs.retentionDays = 1;
    }),
  ).toEqual([]);
});
