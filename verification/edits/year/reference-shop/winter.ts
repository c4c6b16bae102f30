/** February and March: a canary is finished, the wishlist starts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../support/project-root';
import type { CatalogueEdit, ExpectedReview } from '../../edit';
import { canaryWeight, meshPolicies } from '../words';
import { shopImage } from './registries';

const CANARY = ['services', 'checkout', 'canary'];
const NEW_WISHLIST: ExpectedReview = {
  stacks: ['observability', 'mesh-policies'],
  headlines: [
    'product-catalog: new caller: wishlist → product-catalog GET /products/*',
    'wishlist: new service',
    'wishlist: new public route: GET POST /wishlist /wishlist/*, with end-user token',
  ],
  flags: ['authorization-widened', 'public-route-added'],
};

export const WINTER: readonly CatalogueEdit[] = [
  {
    name: "Give prod's canary of checkout all requests at once",
    by: 'service team',
    at: '2026-02-02T08:00:00Z',
    apply: ({ catalogue }) => {
      catalogue.set('releases/prod.yaml', [...CANARY, 'weightPercent'], 100);
      catalogue.set('releases/prod.yaml', [...CANARY, 'stepSince'], '2026-02-02T08:00:00Z');
    },
    releases: [/weightPercent: 10 % → 100 % skips 25 % .*\[REL-002\]$/],
    reviews: {
      prod: meshPolicies(
        [
          'checkout: canary v2 10 % → 100 %',
          "checkout: alert 'checkout v2 is paused: shared-availability' on → none (v2)",
          "checkout: alert 'checkout v2 is paused: shared-latency' on → none (v2)",
        ],
        ['release-transition'],
      ),
    },
  },
  {
    name: "Advance prod's canary of checkout, and keep stepSince",
    by: 'service team',
    at: '2026-02-02T08:30:00Z',
    apply: ({ catalogue }) => catalogue.set('releases/prod.yaml', [...CANARY, 'weightPercent'], 25),
    releases: [/stepSince: 2026-01-12T12:30:00Z is not after .*\[REL-003\]$/],
    reviews: { prod: meshPolicies(['checkout: canary v2 10 % → 25 %'], ['release-transition']) },
  },
  {
    name: "Advance prod's canary of checkout to 25 %",
    by: 'machine',
    at: '2026-02-02T09:00:00Z',
    inWorkingCopy: true,
    apply: ({ canary }) => canary('advance', 'checkout', '--env', 'prod'),
    reviews: { prod: canaryWeight('checkout', '10 %', '25 %') },
  },
  {
    name: "Advance prod's canary of checkout before its step has baked",
    by: 'machine',
    at: '2026-02-02T09:10:00Z',
    apply: ({ canary }) => canary('advance', 'checkout', '--env', 'prod'),
    command: /checkout in prod: the step has baked for 10 of 30 min; wait 20 min/,
  },
  {
    name: 'Add the wishlist',
    by: 'service team',
    at: '2026-02-02T10:00:00Z',
    inWorkingCopy: true,
    apply: ({ catalogue }) => catalogue.write('services/wishlist.yaml', wishlistOfReadme()),
    // In staging and prod it starts to exist with its first image.
    reviews: { dev: NEW_WISHLIST },
  },
  {
    name: 'Ship the first image of wishlist to staging',
    by: 'machine',
    at: '2026-02-02T11:00:00Z',
    apply: ({ release }) =>
      release('set', 'wishlist', '--env', 'staging', '--image', shopImage('staging', 'wishlist', 'a')),
    reviews: { staging: NEW_WISHLIST },
  },
  {
    name: 'Let product-catalog take more requests and retries at once',
    by: 'service team',
    at: '2026-02-02T11:10:00Z',
    apply: ({ catalogue }) =>
      catalogue.set('services/product-catalog.yaml', ['circuitBreaker'], {
        maxRequests: 340,
        maxRetries: 68,
      }),
    reviews: {
      'dev staging prod': meshPolicies(
        [
          'product-catalog: circuit breaker: active requests 200 → 340',
          'product-catalog: circuit breaker: concurrent retries 40 → 68',
          'product-catalog: circuit breaker: streams: concurrent retries 40 → 68',
        ],
        ['limits-loosened'],
      ),
    },
  },
  {
    name: 'Promote wishlist to prod after 20 minutes',
    by: 'machine',
    at: '2026-02-02T11:20:00Z',
    apply: ({ release }) => release('set', 'wishlist', '--env', 'prod', '--from', 'staging'),
    releases: [
      /images\.v1: 'staging' has run sha256:aaaaaaaaaaaa for 20 min; 'prod' requires 60 min.*\[REL-006\]$/,
    ],
    reviews: { prod: NEW_WISHLIST },
  },
  {
    name: 'Promote wishlist to prod',
    by: 'machine',
    at: '2026-02-02T13:00:00Z',
    apply: ({ release }) => release('set', 'wishlist', '--env', 'prod', '--from', 'staging'),
    reviews: { prod: NEW_WISHLIST },
  },
  {
    name: "Advance prod's canary of checkout to 50 %",
    by: 'machine',
    at: '2026-02-02T15:00:00Z',
    apply: ({ canary }) => canary('advance', 'checkout', '--env', 'prod'),
    reviews: { prod: canaryWeight('checkout', '25 %', '50 %') },
  },
  {
    name: "Advance prod's canary of checkout to 100 %",
    by: 'machine',
    at: '2026-02-03T09:00:00Z',
    apply: ({ canary }) => canary('advance', 'checkout', '--env', 'prod'),
    reviews: {
      prod: meshPolicies([
        'checkout: canary v2 50 % → 100 %',
        "checkout: alert 'checkout v2 is paused: shared-availability' on → none (v2)",
        "checkout: alert 'checkout v2 is paused: shared-latency' on → none (v2)",
      ]),
    },
  },
  {
    name: 'Give v1 of checkout in prod the new image',
    by: 'machine',
    at: '2026-02-03T14:00:00Z',
    apply: ({ canary }) => canary('finish', 'checkout', '--env', 'prod'),
    reviews: { prod: meshPolicies(['checkout: image checkout@88682e37 → checkout@5b2b8761 (v1)']) },
  },
  {
    name: 'Return half of the requests to v1 of checkout in prod',
    by: 'machine',
    at: '2026-02-03T14:30:00Z',
    apply: ({ canary }) => canary('finish', 'checkout', '--env', 'prod'),
    reviews: {
      prod: meshPolicies([
        'checkout: canary v2 100 % → 50 %',
        "checkout: alert 'checkout v2 is paused: shared-availability' none → on (v2)",
        "checkout: alert 'checkout v2 is paused: shared-latency' none → on (v2)",
      ]),
    },
  },
  {
    name: 'Return all requests to v1 of checkout in prod',
    by: 'machine',
    at: '2026-02-03T15:00:00Z',
    apply: ({ canary }) => canary('finish', 'checkout', '--env', 'prod'),
    reviews: { prod: canaryWeight('checkout', '50 %', '0 %') },
  },
  {
    name: 'Remove v2 of checkout in prod',
    by: 'machine',
    at: '2026-02-03T15:30:00Z',
    apply: ({ canary }) => canary('finish', 'checkout', '--env', 'prod'),
    reviews: {
      prod: {
        stacks: ['mesh-policies'],
        headlines: [
          'cart: access removed: checkout v2 → cart GET DELETE /carts/*',
          'checkout: canary v2 0 % → none',
          'checkout: image checkout@5b2b8761 → none (v2)',
          'checkout v2: access removed: api.payment-gateway.example GET POST /v1/tokens /v1/tokens/*',
          'payment: access removed: checkout v2 → payment GET POST /payments /payments/*',
        ],
      },
    },
  },
  {
    name: "Roll staging's canary of checkout back",
    by: 'machine',
    at: '2026-02-05T09:00:00Z',
    apply: ({ canary }) => canary('rollback', 'checkout', '--env', 'staging'),
    reviews: { staging: canaryWeight('checkout', '10 %', '0 %') },
  },
  {
    name: 'Remove the canary of checkout by hand while it has requests in dev',
    by: 'service team',
    at: '2026-02-05T10:00:00Z',
    apply: ({ catalogue }) => catalogue.delete('releases/dev.yaml', CANARY),
    releases: [/canary: v2 is removed while it receives 10 %.*\[REL-004\]$/],
    reviews: {
      dev: {
        stacks: ['mesh-policies'],
        headlines: [
          'cart: access removed: checkout v2 → cart GET DELETE /carts/*',
          'checkout: canary v2 10 % → none',
          'checkout: image fake-service:v0.26.2 → none (v2)',
          'checkout v2: access removed: api.payment-gateway.example GET POST /v1/tokens /v1/tokens/*',
          'payment: access removed: checkout v2 → payment GET POST /payments /payments/*',
        ],
        flags: ['release-transition', 'traffic-interrupted'],
      },
    },
  },
  {
    name: 'Ship a new image of cart to staging',
    by: 'machine',
    at: '2026-02-09T09:00:00Z',
    apply: ({ release }) =>
      release('set', 'cart', '--env', 'staging', '--image', shopImage('staging', 'cart', 'b')),
    reviews: { staging: meshPolicies(['cart: image cart@9a633e34 → cart@bbbbbbbb']) },
  },
  {
    name: 'Promote cart to prod',
    by: 'machine',
    at: '2026-02-09T11:00:00Z',
    inWorkingCopy: true,
    apply: ({ release }) => release('set', 'cart', '--env', 'prod', '--from', 'staging'),
    reviews: { prod: meshPolicies(['cart: image cart@9a633e34 → cart@bbbbbbbb']) },
  },
  {
    name: 'Ship cart from the registry of a contractor to prod',
    by: 'service team',
    at: '2026-02-10T09:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'releases/prod.yaml',
        shopImage('prod', 'cart', 'b'),
        `registry.contractor.example/shop/cart@sha256:${'b'.repeat(64)}`,
      ),
    refused: [/releases\/prod\.yaml:\d+:\d+: services\.cart\.images\.v1: .*\[PRD-\d+\]$/],
  },
];

function wishlistOfReadme(): string {
  const readme = readFileSync(join(projectRoot(), 'README.md'), 'utf8');
  const [, example] = /```yaml\n([^]*?)```/.exec(readme) ?? [];
  if (example === undefined) throw new Error('the README has no example of a service');
  return example.replace(/^ {3}/gm, '');
}
