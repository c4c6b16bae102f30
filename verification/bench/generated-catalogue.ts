import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Layers keep the graph acyclic and every path short, as in a real shop. */
const LAYERS = 5;
const CALLS_A_SERVICE = 3;
/** One service in ten has a canary. */
const CANARY_EVERY = 10;

/** Writes a catalogue with that many services and one environment, always the same. */
export function writeCatalogue(folder: string, serviceCount: number): void {
  for (const name of ['services', 'external', 'environments', 'releases'])
    mkdirSync(join(folder, name), { recursive: true });
  const write = (path: string, value: unknown) => writeFileSync(join(folder, path), JSON.stringify(value));
  const people = { operators: 'operators@shop.example', viewers: 'viewers@shop.example' };
  const domains = Array.from({ length: LAYERS }, (_, layer): [string, object] => [
    `layer-${layer}`,
    { description: `Layer ${layer} of the shop`, ...people },
  ]);

  write('mesh.yaml', {
    name: 'shop',
    groupsDomain: 'shop.example',
    platformAdmins: 'admins@shop.example',
    domains: Object.fromEntries(domains),
  });
  for (let index = 0; index < serviceCount; index++)
    write(`services/${serviceName(index)}.yaml`, service(index, serviceCount));
  write('environments/bench.yaml', ENVIRONMENT);
  write('releases/bench.yaml', { services: Object.fromEntries(canaries(serviceCount)) });
}

function service(index: number, count: number) {
  const perLayer = Math.max(1, Math.floor(count / LAYERS));
  const layer = Math.min(LAYERS - 1, Math.floor(index / perLayer));
  const nextLayer = (layer + 1) * perLayer;
  const callees = Array.from(
    { length: CALLS_A_SERVICE },
    (_, call) => nextLayer + ((index * 7 + call * 13) % perLayer),
  );
  return {
    name: serviceName(index),
    description: `Generated service number ${index}`,
    owner: 'team-bench',
    domain: `layer-${layer}`,
    tier: 'standard',
    pciScope: 'out-of-scope',
    calls: [...new Set(callees)]
      .filter((callee) => callee < count && callee > index)
      .map((callee) => ({
        service: serviceName(callee),
        methods: ['GET', 'POST'],
        paths: ['/items', '/items/*'],
        optional: true,
      })),
    ...(layer === 0 && {
      ingress: [
        { host: 'api', methods: ['GET', 'POST'], paths: [`/${serviceName(index)}/*`], jwt: 'required' },
      ],
    }),
    // Each layer times out before the one above it, and only the lowest has retries.
    timeoutMs: 2_000 - 300 * layer,
    ...(layer === LAYERS - 1 && { retries: { attempts: 1, perTryTimeoutMs: 350 } }),
    slos: { expectedRequestsPerSecond: 10 },
    ...(index % CANARY_EVERY === 0 && { canary: { stepsPercent: [10, 50, 100] } }),
  };
}

function canaries(count: number) {
  const numbers = Array.from({ length: Math.ceil(count / CANARY_EVERY) }, (_, index) => index * CANARY_EVERY);
  return numbers.map((index): [string, object] => [
    serviceName(index),
    { images: {}, canary: { version: 'v2', weightPercent: 10 } },
  ]);
}

function serviceName(index: number): string {
  return `svc-${String(index).padStart(4, '0')}x`;
}

const ENVIRONMENT = {
  name: 'bench',
  project: { id: 'shop-bench', number: '123456789012' },
  region: 'europe-west1',
  zones: ['b', 'c', 'd'],
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
  cluster: { mode: 'autopilot' },
  database: { cpuCount: 2 },
  images: { requireDigest: false, sample: 'registry.example/sample/app:v1' },
  notifications: { page: ['a@shop.example'], ticket: ['b@shop.example'] },
};
