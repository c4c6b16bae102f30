/** Changes of a small shop and the flags that its review must raise, written down before the flags were tuned. */
import { edited } from './catalogue-fixture';

const DIGEST = (digit: string) => `sha256:${digit.repeat(64)}`;
const IMAGE = (name: string, digit: string) => `registry.example/shop/${name}@${DIGEST(digit)}`;

/** The fixture with released images, a canary at its first step, a second environment and a secret. */
export const RELEASED_SHOP: Readonly<Record<string, string>> = {
  'mesh.yaml': `name: shop
groupsDomain: shop.example
platformAdmins: admins@shop.example
domains:
  sales: { description: Services that sell products, operators: ops@shop.example, viewers: all@shop.example }
secrets:
  bank-key: { description: Key of the bank's API }
`,
  'releases/test.yaml': `services:
  web: { images: { v1: '${IMAGE('web', '1')}' } }
  stock: { images: { v1: '${IMAGE('stock', '2')}' } }
  cart:
    images: { v1: '${IMAGE('cart', '3')}', v2: '${IMAGE('cart', '4')}' }
    canary:
      version: v2
      weightPercent: 25
      startedAt: 2026-01-31T00:00:00Z
      stepSince: 2026-01-31T01:00:00Z
`,
};

/** By type and name. */
type Resources = Record<string, Record<string, Record<string, any>>>;

export interface ExpectedFlags {
  /** As in docs/review.md. */
  readonly change: string;
  /** `notable` is what reviews once passed over: visible as a high risk, and not critical. */
  readonly kind: 'ordinary' | 'notable' | 'dangerous';
  /** Files of the catalogue that change. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** A change of the synthesized JSON of one stack that the catalogue cannot express. */
  readonly patch?: (resources: Resources) => void;
  /** @default mesh-policies */
  readonly stack?: string;
  readonly flags: readonly string[];
  /** A headline that shows the change, where no flag does. */
  readonly headline?: RegExp;
}

const edit = (
  path: string,
  from: string,
  to: string,
  files: Readonly<Record<string, string | null>> = {},
) => ({
  ...files,
  ...edited(path, from, to, { ...RELEASED_SHOP, ...files }),
});
const release = (...edits: readonly (readonly [from: string, to: string])[]) => {
  const text = edits.reduce((file, [from, to]) => {
    if (!file.includes(from)) throw new Error(`the release file has no '${from}'`);
    return file.replace(from, to);
  }, RELEASED_SHOP['releases/test.yaml']!);
  return { 'releases/test.yaml': text };
};
const ENVIRONMENT = 'environments/test.yaml';
const route = (jwt: string) =>
  `ingress:\n  - { host: api, methods: [GET], paths: [/carts/*], jwt: ${jwt} }\ntimeoutMs: 1000`;

function manifest(
  resources: Resources,
  matches: (object: { kind: string; metadata: { name: string } }) => boolean,
): readonly [name: string, object: Record<string, any>] {
  const found = Object.entries(resources['kubernetes_manifest'] ?? {}).find(([, { manifest: object }]) =>
    matches(object as never),
  );
  if (found === undefined) throw new Error('the shop has no such object');
  return [found[0], found[1]['manifest'] as Record<string, any>];
}

export const EXPECTED_FLAGS: readonly ExpectedFlags[] = [
  {
    change: 'new public route with an end-user token',
    kind: 'ordinary',
    files: edit('services/cart.yaml', 'timeoutMs: 1000', route('required')),
    flags: ['public-route-added'],
  },
  {
    change: 'new service with a caller',
    kind: 'ordinary',
    files: {
      ...edit(
        'services/web.yaml',
        'calls:',
        'calls:\n  - { service: wishlist, methods: [GET], paths: [/lists/*], optional: true }',
      ),
      ...release(['services:', `services:\n  wishlist: { images: { v1: '${IMAGE('wishlist', '5')}' } }`]),
      'services/wishlist.yaml': `name: wishlist
description: Products that a shopper wants later
owner: team-web
domain: sales
tier: standard
pciScope: out-of-scope
timeoutMs: 300
slos: { expectedRequestsPerSecond: 5 }
`,
    },
    flags: ['authorization-widened'],
    headline: /wishlist: new service/,
  },
  {
    change: 'image shipped',
    kind: 'ordinary',
    files: release([IMAGE('stock', '2'), IMAGE('stock', '9')]),
    flags: [],
    headline: /stock: image stock@22222222 → stock@99999999/,
  },
  {
    change: 'canary advanced by one step, with a new stepSince',
    kind: 'ordinary',
    files: release(['weightPercent: 25', 'weightPercent: 50'], ['T01:00:00Z', 'T09:00:00Z']),
    flags: [],
    headline: /cart: canary v2 25 % → 50 %/,
  },
  {
    change: 'on-call moved to another address',
    kind: 'ordinary',
    files: edit(ENVIRONMENT, 'page: [a@shop.example]', 'page: [c@shop.example]'),
    flags: ['notification-moved'],
  },
  {
    change: 'larger nodes',
    kind: 'ordinary',
    files: edit(ENVIRONMENT, 'machineType: e2-standard-4', 'machineType: e2-standard-8'),
    flags: [],
    headline: /cluster: machine type of nodes .* e2-standard-4 → e2-standard-8/,
  },
  {
    change: 'new secret of a service',
    kind: 'ordinary',
    files: edit('services/cart.yaml', 'timeoutMs: 1000', 'secrets: [bank-key]\ntimeoutMs: 1000'),
    flags: ['iam-granted'],
  },
  {
    change: 'third party added',
    kind: 'ordinary',
    files: {
      ...edit(
        'services/stock.yaml',
        'timeoutMs: 200',
        'calls:\n  - { external: depot, methods: [GET], paths: [/stock] }\ntimeoutMs: 200',
      ),
      'external/depot.yaml':
        'name: depot\ndescription: Depot of the supplier\nowner: team-stock\nhost: api.depot.example\ntimeoutMs: 100\n',
    },
    flags: ['authorization-widened'],
    headline: /stock: new third-party call: api.depot.example GET \/stock/,
  },
  {
    change: 'second public name at the load balancer',
    kind: 'notable',
    patch: (resources) => {
      const [, object] = manifest(
        resources,
        ({ kind, metadata }) => kind === 'HTTPRoute' && metadata.name === 'shop',
      );
      object['spec'].hostnames.push('old.shop.example');
    },
    flags: ['public-name-added'],
    headline: /public names .* added old\.shop\.example/,
  },
  {
    change: 'pages of another host may call the API',
    kind: 'notable',
    files: edit(ENVIRONMENT, 'jwt:\n', 'browsers: { pageOrigins: [https://partner.example] }\njwt:\n'),
    flags: ['origin-added'],
    headline: /origins whose pages may call www\.shop\.example added https:\/\/partner\.example/,
  },
  {
    change: 'limits of scripts removed from pages',
    kind: 'notable',
    patch: (resources) => {
      const [, object] = manifest(
        resources,
        ({ kind, metadata }) => kind === 'VirtualService' && metadata.name === 'web',
      );
      for (const { headers } of object['spec'].http) if (headers) delete headers.response.add;
    },
    flags: ['page-protection-reduced'],
  },
  {
    change: 'notification channel removed',
    kind: 'notable',
    stack: 'observability',
    patch: ({ google_monitoring_notification_channel: channels = {} }) => {
      const [name = ''] = Object.keys(channels).filter((key) => key.includes('ticket'));
      if (!Reflect.deleteProperty(channels, name)) throw new Error('the shop has no channel for tickets');
    },
    flags: ['notification-removed'],
  },
  {
    change: 'alert without its last channel',
    kind: 'notable',
    patch: ({ google_monitoring_alert_policy: alerts }) => {
      alerts!['cart_slo_absence']!['notification_channels'] = [];
    },
    flags: ['notification-removed', 'slo-lowered'],
  },
  {
    change: 'release channel of the cluster changed to one with earlier upgrades',
    kind: 'notable',
    files: edit(ENVIRONMENT, 'cluster: {', 'cluster: { releaseChannel: RAPID,'),
    flags: ['upgrades-loosened'],
  },
  {
    change: 'audit logs of data access off',
    kind: 'notable',
    stack: 'observability',
    patch: (resources) => {
      const config = resources['google_project_iam_audit_config']!['evidence_audit_config']!;
      config['audit_log_config'] = [{ log_type: 'ADMIN_READ' }];
    },
    flags: ['evidence-reduced'],
  },
  {
    change: 'egress to any host allowed',
    kind: 'notable',
    patch: (resources) => {
      const [, object] = manifest(resources, ({ kind }) => kind === 'Sidecar');
      object['spec'].outboundTrafficPolicy.mode = 'ALLOW_ANY';
    },
    flags: ['authorization-widened'],
  },
  {
    change: 'canary step skipped',
    kind: 'dangerous',
    files: release(['weightPercent: 25', 'weightPercent: 100'], ['T01:00:00Z', 'T09:00:00Z']),
    flags: ['release-transition'],
  },
  {
    change: 'canary step with the old stepSince',
    kind: 'dangerous',
    files: release(['weightPercent: 25', 'weightPercent: 50']),
    flags: ['release-transition'],
  },
  {
    change: 'weight edited by hand to a value that is no step',
    kind: 'dangerous',
    files: release(['weightPercent: 25', 'weightPercent: 40'], ['T01:00:00Z', 'T09:00:00Z']),
    flags: ['release-transition'],
  },
  {
    change: 'image from a foreign registry',
    kind: 'dangerous',
    files: release([IMAGE('stock', '2'), `registry.elsewhere.example/shop/stock@${DIGEST('2')}`]),
    flags: ['foreign-image'],
  },
  {
    change: 'environment removed from the catalogue',
    kind: 'dangerous',
    files: { 'environments/qa.yaml': null },
    flags: ['stack-removed'],
  },
  {
    change: 'public route without a token',
    kind: 'dangerous',
    files: edit('services/cart.yaml', 'timeoutMs: 1000', route('none')),
    flags: ['public-exposure'],
  },
  {
    change: 'deletion protection off',
    kind: 'dangerous',
    files: edit(ENVIRONMENT, 'database:', 'deletionProtection: false\ndatabase:'),
    flags: ['protection-off'],
  },
  {
    change: 'secret destroyed',
    kind: 'dangerous',
    files: {
      'mesh.yaml': RELEASED_SHOP['mesh.yaml']!.split('secrets:')[0]!,
    },
    flags: ['stateful-destroyed'],
  },
  {
    change: 'default deny of a namespace removed',
    kind: 'dangerous',
    patch: (resources) => {
      const [name] = manifest(
        resources,
        ({ kind, metadata }) => kind === 'AuthorizationPolicy' && metadata.name === 'deny-all',
      );
      delete resources['kubernetes_manifest']![name];
    },
    flags: ['default-deny-removed'],
  },
  {
    change: 'TLS of a client off',
    kind: 'dangerous',
    patch: (resources) => {
      const [, object] = manifest(resources, ({ kind }) => kind === 'DestinationRule');
      object['spec'].trafficPolicy.tls.mode = 'DISABLE';
    },
    flags: ['mtls-weakened'],
  },
];
