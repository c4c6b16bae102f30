/** August and September: another canary, and a hotfix. */
import type { CatalogueEdit } from '../../edit';
import { digestOf, meshPolicies, shortDigest } from '../words';
import { shopImage } from './registries';

const CATALOG_CANARY = `
canary:
  version: v2
  stepsPercent: [10, 50, 100]
  detection: { smallestMultiple: 10 }
`;

export const LATE_SUMMER: readonly CatalogueEdit[] = [
  {
    name: 'Release product-catalog step by step from now on',
    by: 'service team',
    at: '2026-08-10T08:00:00Z',
    apply: ({ catalogue }) => {
      const file = 'services/product-catalog.yaml';
      catalogue.write(file, `${catalogue.read(file)}${CATALOG_CANARY}`);
      // At 1 request/s a smaller step would take too long.
      const canary = ['services', 'product-catalog', 'canary'];
      catalogue.set('environments/dev.yaml', [...canary, 'stepsPercent'], [50, 100]);
    },
    // A policy without a release changes nothing yet.
    reviews: {
      dev: {
        stacks: ['observability', 'mesh-policies'],
        headlines: [
          'storefront: role shop-canary-rollback in namespace storefront to User canary-rollback@shop-dev-example.iam.gserviceaccount.com none → granted',
        ],
        flags: ['iam-granted'],
      },
      staging: {
        stacks: ['observability', 'mesh-policies'],
        headlines: [
          'storefront: role shop-canary-rollback in namespace storefront to User canary-rollback@shop-staging-example.iam.gserviceaccount.com none → granted',
        ],
        flags: ['iam-granted'],
      },
      prod: {
        stacks: ['observability', 'mesh-policies'],
        headlines: [
          'storefront: role shop-canary-rollback in namespace storefront to User canary-rollback@shop-prod-example.iam.gserviceaccount.com none → granted',
        ],
        flags: ['iam-granted'],
      },
    },
  },
  {
    name: 'Start a canary of product-catalog in staging',
    by: 'machine',
    at: '2026-08-11T08:00:00Z',
    apply: ({ canary }) =>
      canary(
        ...['start', 'product-catalog', '--env', 'staging'],
        ...['--image', shopImage('staging', 'product-catalog', 'd')],
      ),
    reviews: {
      staging: meshPolicies([
        'product-catalog: canary v2 none → 0 %',
        'product-catalog: image none → product-catalog@dddddddd (v2)',
        'wishlist: visible hosts (wishlist-v1) added storefront/product-catalog-v2.storefront.svc.cluster.local',
      ]),
    },
  },
  {
    name: "Advance staging's canary of product-catalog to 10 %",
    by: 'machine',
    at: '2026-08-11T09:00:00Z',
    apply: ({ canary }) => canary('advance', 'product-catalog', '--env', 'staging'),
    reviews: { staging: meshPolicies(['product-catalog: canary v2 0 % → 10 %']) },
  },
  {
    name: "Pause staging's canary of product-catalog",
    by: 'operations',
    at: '2026-08-11T09:30:00Z',
    apply: ({ canary }) =>
      canary('pause', 'product-catalog', '--env', 'staging', '--reason', 'load test of the database'),
    reviews: {},
  },
  {
    name: "Roll staging's canary of product-catalog back",
    by: 'operations',
    at: '2026-08-11T10:00:00Z',
    apply: ({ canary }) => canary('rollback', 'product-catalog', '--env', 'staging'),
    reviews: { staging: meshPolicies(['product-catalog: canary v2 10 % → 0 %']) },
  },
  {
    name: 'Start the image of product-catalog again that was rolled back',
    by: 'machine',
    at: '2026-08-11T11:00:00Z',
    apply: ({ canary }) =>
      canary(
        ...['start', 'product-catalog', '--env', 'staging'],
        ...['--image', shopImage('staging', 'product-catalog', 'd')],
      ),
    command: /was rolled back at 2026-08-11T10:00:00Z; set another --image/,
  },
  {
    name: 'Remove the canary of product-catalog that was rolled back',
    by: 'machine',
    at: '2026-08-11T12:00:00Z',
    apply: ({ canary }) => canary('finish', 'product-catalog', '--env', 'staging'),
    reviews: {
      staging: meshPolicies([
        'product-catalog: canary v2 0 % → none',
        'product-catalog: image product-catalog@dddddddd → none (v2)',
        'wishlist: visible hosts (wishlist-v1) removed storefront/product-catalog-v2.storefront.svc.cluster.local',
      ]),
    },
  },
  {
    name: 'Ship a hotfix of payment to prod',
    by: 'operations',
    at: '2026-08-17T02:00:00Z',
    apply: ({ release }) =>
      release(
        ...['set', 'payment', '--env', 'prod', '--image', shopImage('prod', 'payment', 'e')],
        ...['--hotfix', 'cards of one bank are declined', '--ticket', 'INC-2041'],
      ),
    reviews: {
      prod: meshPolicies(
        [`payment: image payment@67d79597 → payment@${shortDigest('e')}`],
        ['hotfix-released'],
      ),
    },
    accepted: 'incident INC-2041, on-call of payments',
  },
  {
    name: 'Ship an image of payment by tag',
    by: 'service team',
    at: '2026-08-17T09:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('releases/prod.yaml', `payment@${digestOf('e')}`, 'payment:latest'),
    refused: [/services\.payment\.images\.v1: '.*payment:latest' has no digest; use '@sha256:…'/],
    releases: [
      /services\.payment\.images\.v1: .*payment:latest has no digest, so 'staging' cannot.*\[REL-006\]$/,
    ],
  },
  {
    name: 'Let pages of the storefront team be read by the search team',
    by: 'platform team',
    at: '2026-09-01T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('mesh.yaml', 'storefront-viewers@shop.example', 'search@shop.example'),
    reviews: {
      'dev staging prod': meshPolicies(
        [
          'canary-rollback: role shop-viewer in namespace canary-rollback to Group search@shop.example none → granted',
          'canary-rollback: role shop-viewer in namespace canary-rollback to Group storefront-viewers@shop.example granted → none',
          'storefront: role shop-viewer in namespace storefront to Group search@shop.example none → granted',
          'storefront: role shop-viewer in namespace storefront to Group storefront-viewers@shop.example granted → none',
        ],
        ['iam-granted'],
      ),
    },
  },
];
