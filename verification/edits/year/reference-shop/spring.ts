/** April: new edges, secrets, third parties, on-call and nodes. */
import type { CatalogueEdit } from '../../edit';
import { imageOf, meshPolicies, thirdPartyLimits } from '../words';

const TAX_SERVICE = `name: tax-service
description: Tax service, rates by country
owner: team-fulfilment
host: api.tax-service.example
timeoutMs: 200
`;

export const SPRING: readonly CatalogueEdit[] = [
  {
    name: 'Ship cart from the registry of a contractor to staging',
    by: 'service team',
    at: '2026-04-01T07:00:00Z',
    apply: ({ release }) =>
      release(
        'set',
        'cart',
        '--env',
        'staging',
        '--image',
        imageOf('registry.contractor.example/shop', 'cart', 'f'),
      ),
    reviews: { staging: meshPolicies(['cart: image cart@bbbbbbbb → cart@ffffffff'], ['foreign-image']) },
  },
  {
    name: 'Let frontend show the wishlist',
    by: 'service team',
    at: '2026-04-01T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'services/frontend.yaml',
        'timeoutMs: 2000',
        'calls:\n  - { service: wishlist, methods: [GET], paths: [/wishlist/*], optional: true }\n\ntimeoutMs: 2000',
      ),
    reviews: {
      dev: meshPolicies(
        [
          'frontend: environment variables (frontend-v1) added name UPSTREAM_URIS value http://wishlist.storefront.svc.cluster.local/wishlist/sample, name WISHLIST_URL value http://wishlist.storefront.svc.cluster.local',
          'frontend: visible hosts (frontend-v1) added storefront/wishlist-v1.storefront.svc.cluster.local, storefront/wishlist.storefront.svc.cluster.local; removed ~/*',
          'wishlist: new caller: frontend → wishlist GET /wishlist/*',
        ],
        ['authorization-widened'],
      ),
      'staging prod': meshPolicies(
        [
          'frontend: environment variables (frontend-v1) added name WISHLIST_URL value http://wishlist.storefront.svc.cluster.local',
          'frontend: visible hosts (frontend-v1) added storefront/wishlist-v1.storefront.svc.cluster.local, storefront/wishlist.storefront.svc.cluster.local; removed ~/*',
          'wishlist: new caller: frontend → wishlist GET /wishlist/*',
        ],
        ['authorization-widened'],
      ),
    },
  },
  {
    name: 'Let wishlist call a service that does not exist',
    by: 'service team',
    at: '2026-04-01T09:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('services/wishlist.yaml', 'product-catalog', 'product-catalogue'),
    refused: [
      /services\/wishlist\.yaml:\d+:\d+: calls\[0\]\.service: .*product-catalogue.*did you mean 'product-catalog'/,
    ],
  },
  {
    name: 'Give payment more time than its caller has',
    by: 'service team',
    at: '2026-04-02T08:00:00Z',
    inWorkingCopy: true,
    apply: ({ catalogue }) => catalogue.set('services/payment.yaml', ['timeoutMs'], 9_000),
    refused: [
      /services\/checkout\.yaml:\d+:\d+: calls\[1\]\.service: 'payment' may take 9000 ms.*\[RES-004\]$/,
    ],
  },
  {
    name: 'Write the key of the payment gateway into a variable',
    by: 'service team',
    at: '2026-04-02T09:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.set('services/payment.yaml', ['env'], {
        // In two parts, or a scan for secrets would find it here.
        PAYMENT_API_KEY: ['sk_live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_'),
      }),
    refused: [/services\/payment\.yaml:\d+:\d+: env\.PAYMENT_API_KEY: .*\[SEC-\d+\]$/],
  },
  {
    name: 'Add a key for fraud checks, which payment reads',
    by: 'service team',
    at: '2026-04-07T08:00:00Z',
    apply: ({ catalogue }) => {
      catalogue.replace(
        'mesh.yaml',
        'secrets:\n',
        'secrets:\n  fraud-check-key: { description: Key of the shop at the fraud check }\n',
      );
      catalogue.replace('services/payment.yaml', 'secrets: [', 'secrets: [fraud-check-key, ');
    },
    reviews: {
      // The sample of dev reads no secret.
      dev: { stacks: ['data'], headlines: [], flags: [] },
      'staging prod': {
        stacks: ['data', 'mesh-policies'],
        headlines: [
          'payments: mounted secrets (payment) changed',
          'permissions: roles/secretmanager.secretAccessor to ns/payments/sa/payment-v1 none → granted',
        ],
        flags: ['iam-granted'],
      },
    },
  },
  {
    name: 'Let order-management call the tax service',
    by: 'service team',
    at: '2026-04-09T08:00:00Z',
    apply: ({ catalogue }) => {
      catalogue.write('external/tax-service.yaml', TAX_SERVICE);
      catalogue.replace(
        'services/order-management.yaml',
        'timeoutMs: 1000',
        'calls:\n  - { external: tax-service, methods: [POST], paths: [/v1/rates] }\n\ntimeoutMs: 1000',
      );
    },
    reviews: {
      'dev staging prod': {
        stacks: ['network', 'mesh-policies'],
        headlines: [
          'network: firewall allows EGRESS (allow-tax-service) none → api.tax-service.example tcp 443',
          'order-management: new third-party call: api.tax-service.example POST /v1/rates',
          'order-management: environment variables (order-management-v1) added name TAX_SERVICE_URL value http://api.tax-service.example',
          'order-management: visible hosts (order-management-v1) added egress-gateway/api.tax-service.example, egress-gateway/egress-gateway.egress-gateway.svc.cluster.local',
          ...thirdPartyLimits('tax-service', '200 ms', 'added'),
        ],
        flags: ['authorization-widened'],
      },
    },
  },
  {
    name: 'Page the night shift of the operations centre',
    by: 'operations',
    at: '2026-04-13T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'environments/prod.yaml',
        'page: [oncall@shop.example]',
        'page: [night@shop.example]',
      ),
    reviews: {
      prod: {
        stacks: ['observability'],
        headlines: [
          'notifications: recipient of channels_page oncall@shop.example → night@shop.example',
          'notifications: recipient of channels_team_customers_page oncall@shop.example → night@shop.example',
          'notifications: recipient of channels_team_fulfilment_page oncall@shop.example → night@shop.example',
          'notifications: recipient of channels_team_platform_page oncall@shop.example → night@shop.example',
          'notifications: recipient of channels_team_storefront_page oncall@shop.example → night@shop.example',
        ],
        flags: ['notification-moved'],
      },
    },
  },
  {
    name: 'Let team-fulfilment take its own pages in prod',
    by: 'operations',
    at: '2026-04-14T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.set('environments/prod.yaml', ['notifications', 'owners', 'team-fulfilment'], {
        page: ['fulfilment-oncall@shop.example'],
      }),
    reviews: {
      prod: {
        stacks: ['observability'],
        headlines: [
          'notifications: recipient of channels_team_fulfilment_page night@shop.example → fulfilment-oncall@shop.example',
        ],
        flags: ['notification-moved'],
      },
    },
  },
  {
    name: 'Use larger nodes in staging',
    by: 'platform team',
    at: '2026-04-20T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('environments/staging.yaml', 'e2-standard-4', 'e2-standard-8'),
    reviews: {
      staging: {
        stacks: ['cluster-and-asm'],
        headlines: ['cluster: machine type of nodes (default) e2-standard-4 → e2-standard-8'],
      },
    },
  },
  {
    name: 'Use nodes that Google does not offer in prod',
    by: 'platform team',
    at: '2026-04-20T09:00:00Z',
    apply: ({ catalogue }) => catalogue.replace('environments/prod.yaml', 'n2-standard-8', 'n2-standard-12'),
    refused: [/environments\/prod\.yaml:\d+:\d+: cluster\.nodes\.machineType: .*\[PLT-009\]$/],
  },
  {
    name: 'Allow three more nodes a zone in prod',
    by: 'platform team',
    at: '2026-04-21T08:00:00Z',
    apply: ({ catalogue }) => catalogue.replace('environments/prod.yaml', 'maxPerZone: 10', 'maxPerZone: 13'),
    reviews: {
      prod: { stacks: ['cluster-and-asm'], headlines: ['cluster: most nodes a zone (default) 10 → 13'] },
    },
  },
];
