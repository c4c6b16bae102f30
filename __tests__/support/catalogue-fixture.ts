import { buildCatalogue, checkCatalogue, type CheckedCatalogue } from '../../model/catalogue/load';
import type { Catalogue } from '../../model/environment';
import { CatalogueError, formatViolation } from '../../model/source/violation';
import type { SourceFile, SourceKind } from '../../model/source/read-folder';

/** The tests' date, for the expiry of waivers. */
export const TODAY = '2026-01-31';

/** A minimal valid catalogue with three services. */
const FILES: Readonly<Record<string, string>> = {
  'mesh.yaml': `name: shop
groupsDomain: shop.example
platformAdmins: admins@shop.example
domains:
  sales: { description: Services that sell products, operators: ops@shop.example, viewers: all@shop.example }
`,
  'services/web.yaml': `name: web
description: Pages of the shop
owner: team-web
domain: sales
tier: standard
pciScope: out-of-scope
ingress:
  - { host: web, methods: [GET], paths: [/, /*], jwt: none }
calls:
  - { service: cart, methods: [GET, POST], paths: [/carts, /carts/*] }
timeoutMs: 2000
slos: { expectedRequestsPerSecond: 10 }
`,
  'services/cart.yaml': `name: cart
description: Products that a shopper has selected
owner: team-cart
domain: sales
tier: critical
pciScope: connected
calls:
  - { service: stock, methods: [GET], paths: [/stock/*] }
  - { external: bank, methods: [POST], paths: [/charges] }
timeoutMs: 1000
retries: { attempts: 1, perTryTimeoutMs: 400, on: [connect-failure, refused-stream, gateway-error] }
slos: { expectedRequestsPerSecond: 5 }
canary: { calls: [stock], stepsPercent: [25, 50, 100] }
`,
  'services/stock.yaml': `name: stock
description: Products in stock
owner: team-stock
domain: sales
tier: standard
pciScope: out-of-scope
timeoutMs: 200
slos: { expectedRequestsPerSecond: 5 }
`,
  'external/bank.yaml': `name: bank
description: Payment provider
owner: team-cart
host: api.bank.example
timeoutMs: 150
`,
  'environments/test.yaml': `name: test
project: { id: shop-test, number: '123456789012' }
region: europe-west1
zones: [b]
domainNames: { web: www.shop.example, api: api.shop.example }
jwt:
  issuer: https://issuer.shop.example
  jwksUri: https://www.googleapis.com/keys
  audiences: [shop]
network:
  nodesCidr: 10.0.0.0/20
  podsCidr: 10.4.0.0/16
  servicesCidr: 10.5.0.0/20
  databaseEndpointIp: 10.0.15.10
cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 20 } }
database: { cpuCount: 2 }
images: { requireDigest: false, sample: registry.example/sample/app:v1 }
notifications: { page: [a@shop.example], ticket: [b@shop.example] }
`,
  'releases/test.yaml': `services:
  cart:
    images: {}
    canary: { version: v2, weightPercent: 10 }
`,
};

const KINDS: Readonly<Record<string, SourceKind>> = {
  services: 'service',
  external: 'external',
  environments: 'environment',
  releases: 'release',
};

/** The fixture with files replaced, added, or (by `null`) removed. */
export function sourceFiles(changes: Readonly<Record<string, string | null>> = {}): SourceFile[] {
  return Object.entries({ ...FILES, ...changes }).flatMap(([path, text]) => {
    const folder = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
    const stem = path.slice(path.lastIndexOf('/') + 1, -'.yaml'.length);
    return text === null ? [] : [{ file: path, kind: KINDS[folder] ?? 'mesh', stem, text }];
  });
}

export function aCatalogue(changes: Readonly<Record<string, string | null>> = {}): Catalogue {
  return buildCatalogue({ files: sourceFiles(changes), violations: [] }, TODAY);
}

/** Changes that replace a part of one file of the fixture, or of `shop`. */
export function edited(
  path: string,
  from: string,
  to: string,
  shop: Readonly<Record<string, string | null>> = {},
): Record<string, string | null> {
  const text = shop[path] ?? FILES[path];
  if (text?.includes(from) !== true) throw new Error(`fixture ${path} has no '${from}'`);
  return { ...shop, [path]: text.replace(from, to) };
}

/** The fixture with changes, and its violations. */
export function checkedFixture(changes: Readonly<Record<string, string | null>>): CheckedCatalogue {
  return checkCatalogue({ files: sourceFiles(changes), violations: [] }, TODAY);
}

/** Messages of all errors and warnings of the fixture with changes. */
export function messagesOf(changes: Readonly<Record<string, string | null>>): string[] {
  const { violations, warnings } = checkedFixture(changes);
  return [...violations, ...warnings].map(formatViolation);
}

/** Messages of all errors of the fixture with changes. */
export function errorsOf(changes: Readonly<Record<string, string | null>>): string[] {
  try {
    aCatalogue(changes);
    return [];
  } catch (error) {
    if (error instanceof CatalogueError) return error.message.split('\n');
    throw error;
  }
}
