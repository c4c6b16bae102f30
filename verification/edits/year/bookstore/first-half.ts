/** February to April: reviews of readers, and images. */
import type { CatalogueEdit } from '../../edit';
import { imageOf, meshPolicies } from '../words';

const liveImage = (service: string, letter: string) =>
  imageOf('europe-west3-docker.pkg.dev/books-live-example/books', service, letter);

const REVIEWS = `name: reviews
description: What readers think of a title
owner: team-website
domain: shop
tier: standard
pciScope: out-of-scope

database: true
timeoutMs: 500
slos:
  expectedRequestsPerSecond: 5
`;

export const FIRST_HALF: readonly CatalogueEdit[] = [
  {
    name: 'Add reviews of readers',
    by: 'service team',
    at: '2026-02-03T08:00:00Z',
    inWorkingCopy: true,
    apply: ({ catalogue }) => catalogue.write('services/reviews.yaml', REVIEWS),
    reviews: {
      trial: {
        stacks: ['data', 'observability', 'mesh-policies'],
        headlines: [
          'permissions: roles/cloudsql.client to ${google_service_account.reviews_database_account.member} none → granted',
          'permissions: roles/cloudsql.instanceUser to ${google_service_account.reviews_database_account.member} none → granted',
          'permissions: roles/iam.workloadIdentityUser to serviceAccount:books-trial-example.svc.id.goog[shop/reviews-v1] none → granted',
          'reviews: new service',
        ],
        flags: ['iam-granted'],
      },
    },
  },
  {
    name: 'Let the website show reviews before live has them',
    by: 'service team',
    at: '2026-02-04T08:00:00Z',
    apply: ({ catalogue }) => callReviews(catalogue, ''),
    refused: [
      /releases\/live\.yaml:\d+:\d+: services\.website: 'website' calls 'reviews', which has no release/,
    ],
  },
  {
    name: 'Let the website of trial show reviews',
    by: 'service team',
    at: '2026-02-04T09:00:00Z',
    apply: ({ catalogue }) => callReviews(catalogue, ', environments: [trial]'),
    reviews: {
      trial: meshPolicies(
        [
          'reviews: new caller: website → reviews GET /reviews/*',
          'website: environment variables (website-v1) added name REVIEWS_URL value http://reviews.shop.svc.cluster.local, name UPSTREAM_URIS value http://orders.shop.svc.cluster.local/orders,http://reviews.shop.svc.cluster.local/reviews/sample,http://titles.shop.svc.cluster.local/titles; removed name UPSTREAM_URIS value http://orders.shop.svc.cluster.local/orders,http://titles.shop.svc.cluster.local/titles',
          'website: visible hosts (website-v1) added shop/reviews-v1.shop.svc.cluster.local, shop/reviews.shop.svc.cluster.local',
        ],
        ['authorization-widened'],
      ),
    },
  },
  {
    name: 'Ship the first image of reviews to live',
    by: 'machine',
    at: '2026-02-10T08:00:00Z',
    apply: ({ release }) => release('set', 'reviews', '--env', 'live', '--image', liveImage('reviews', 'a')),
    reviews: {
      live: {
        stacks: ['data', 'observability', 'mesh-policies'],
        headlines: [
          'permissions: roles/cloudsql.client to ${google_service_account.reviews_database_account.member} none → granted',
          'permissions: roles/cloudsql.instanceUser to ${google_service_account.reviews_database_account.member} none → granted',
          'permissions: roles/iam.workloadIdentityUser to serviceAccount:books-live-example.svc.id.goog[shop/reviews-v1] none → granted',
          'reviews: new service',
        ],
        flags: ['iam-granted'],
      },
    },
  },
  {
    name: 'Let the website of live show reviews',
    by: 'service team',
    at: '2026-02-11T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('services/website.yaml', ', environments: [trial]', ', environments: [trial, live]'),
    reviews: {
      live: meshPolicies(
        [
          'reviews: new caller: website → reviews GET /reviews/*',
          'website: environment variables (website-v1) added name REVIEWS_URL value http://reviews.shop.svc.cluster.local',
          'website: visible hosts (website-v1) added shop/reviews-v1.shop.svc.cluster.local, shop/reviews.shop.svc.cluster.local',
        ],
        ['authorization-widened'],
      ),
    },
  },
  {
    name: 'Ship a new image of titles to live',
    by: 'machine',
    at: '2026-03-02T08:00:00Z',
    apply: ({ release }) => release('set', 'titles', '--env', 'live', '--image', liveImage('titles', 'b')),
    reviews: { live: meshPolicies(['titles: image titles@62454b10 → titles@bbbbbbbb']) },
  },
  {
    name: 'Start a canary of titles, which has no policy',
    by: 'machine',
    at: '2026-03-02T09:00:00Z',
    apply: ({ canary }) => canary('start', 'titles', '--env', 'live', '--image', liveImage('titles', 'c')),
    command: /'titles' has no canary; add 'canary' to its service file/,
  },
  {
    name: 'Ship titles by tag to live',
    by: 'service team',
    at: '2026-03-02T10:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.set(
        'releases/live.yaml',
        ['services', 'titles', 'images', 'v1'],
        'europe-west3-docker.pkg.dev/books-live-example/books/titles:stable',
      ),
    refused: [/services\.titles\.images\.v1: '.*titles:stable' has no digest; use '@sha256:…'/],
  },
  {
    name: 'Page the shop manager of live',
    by: 'operations',
    at: '2026-04-01T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'environments/live.yaml',
        'page: [oncall@books.example]',
        'page: [manager@books.example]',
      ),
    reviews: {
      live: {
        stacks: ['observability'],
        headlines: [
          'notifications: recipient of channels_page oncall@books.example → manager@books.example',
          'notifications: recipient of channels_team_orders_page oncall@books.example → manager@books.example',
          'notifications: recipient of channels_team_platform_page oncall@books.example → manager@books.example',
          'notifications: recipient of channels_team_website_page oncall@books.example → manager@books.example',
        ],
        flags: ['notification-moved'],
      },
    },
  },
];

function callReviews(catalogue: { replace: (file: string, from: string, to: string) => void }, only: string) {
  catalogue.replace(
    'services/website.yaml',
    '\ntimeoutMs: 3000',
    `  - { service: reviews, methods: [GET], paths: [/reviews/*], optional: true${only} }\n\ntimeoutMs: 3000`,
  );
}
