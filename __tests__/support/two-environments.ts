/** The fixture catalogue with the environments `staging` and `prod`, each with released images. */
import { sourceFiles } from './catalogue-fixture';

export type ShopFiles = Readonly<Record<string, string | null>>;

export const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`;

export function imageIn(environment: string, service: string, digit: string): string {
  return `europe-west1-docker.pkg.dev/shop-${environment}/shop/${service}@${digestOf(digit)}`;
}

const SERVICES = ['cart', 'stock', 'web'];

/** A comment above each entry, as people write them. */
export function releasesOf(
  environment: string,
  digit: string,
  services: readonly string[] = SERVICES,
): string {
  const entries = services.map(
    (service) => `  # ${service} of the shop
  ${service}:
    images:
      v1: ${imageIn(environment, service, digit)}
`,
  );
  return `services:\n${entries.join('')}acknowledgedIncidents: []\n`;
}

export function environmentFile(name: string, change: (text: string) => string = (text) => text): string {
  const text = sourceFiles().find(({ kind }) => kind === 'environment')!.text;
  // Environments share neither projects nor names nor ranges.
  const number = 1 + ['dev', 'staging', 'prod'].indexOf(name);
  return change(
    text
      .replaceAll('123456789012', `10000000000${number}`)
      .replaceAll('.shop.example', `.${name}.shop.example`)
      .replace(/10\.0\./g, `10.${number}0.`)
      .replace(/10\.4\./g, `10.${number}4.`)
      .replace(/10\.5\./g, `10.${number}5.`)
      .replace('name: test', `name: ${name}`)
      .replace('shop-test', `shop-${name}`)
      .replace('images: { requireDigest: false, sample: registry.example/sample/app:v1 }', 'images: {}'),
  );
}

/** prod takes what staging has run for an hour. */
export const TWO_ENVIRONMENTS: ShopFiles = {
  'environments/test.yaml': null,
  'releases/test.yaml': null,
  'environments/staging.yaml': environmentFile('staging'),
  'releases/staging.yaml': releasesOf('staging', 'a'),
  'environments/prod.yaml': environmentFile(
    'prod',
    (text) => `${text}promotion: { from: staging, soakMinutes: 60 }\n`,
  ),
  'releases/prod.yaml': releasesOf('prod', 'a'),
};

export const WISHLIST = `name: wishlist
description: Wishlist of a customer
owner: team-web
domain: sales
tier: standard
pciScope: out-of-scope
ingress:
  - { host: api, methods: [GET], paths: [/wishlist], jwt: required }
calls:
  - { service: stock, methods: [GET], paths: [/stock/*] }
timeoutMs: 1500
slos: { expectedRequestsPerSecond: 10 }
`;
