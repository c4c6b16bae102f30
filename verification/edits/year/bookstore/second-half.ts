/** May to November: mails, a rename, and what is removed. */
import type { CatalogueEdit } from '../../edit';
import { meshPolicies, thirdPartyLimits } from '../words';

const MAILER = `name: mailer
description: Mails of orders to readers
owner: team-orders
host: api.mailer.example
timeoutMs: 200
`;

export const SECOND_HALF: readonly CatalogueEdit[] = [
  {
    name: 'Give the database of live more processors',
    by: 'platform team',
    at: '2026-05-04T08:00:00Z',
    apply: ({ catalogue }) => catalogue.replace('environments/live.yaml', 'cpuCount: 2', 'cpuCount: 4'),
    reviews: {
      live: {
        stacks: ['data'],
        headlines: ['data: machine type of the database (books-orders) db-custom-2-8192 → db-custom-4-16384'],
      },
    },
  },
  {
    name: 'Give the database of live three processors',
    by: 'platform team',
    at: '2026-05-04T09:00:00Z',
    apply: ({ catalogue }) => catalogue.replace('environments/live.yaml', 'cpuCount: 4', 'cpuCount: 3'),
    refused: [/environments\/live\.yaml:\d+:\d+: database\.cpuCount: .*\[PLT-007\]$/],
  },
  {
    name: 'Mail readers when their order is sent',
    by: 'service team',
    at: '2026-06-01T08:00:00Z',
    apply: ({ catalogue }) => {
      catalogue.write('external/mailer.yaml', MAILER);
      catalogue.replace(
        'mesh.yaml',
        'domains:',
        'secrets:\n  mailer-key: { description: Key of the bookstore at the mailer }\n\ndomains:',
      );
      catalogue.replace(
        'services/orders.yaml',
        'database: true',
        'database: true\nsecrets: [mailer-key]\ncalls:\n  - { external: mailer, methods: [POST], paths: [/v1/mails], optional: true }',
      );
    },
    reviews: {
      'trial live': {
        stacks: ['network', 'data', 'mesh-policies'],
        headlines: [
          'egress-gateway: new service',
          ...thirdPartyLimits('mailer', '200 ms', 'added'),
          'network: firewall allows EGRESS (allow-mailer) none → api.mailer.example tcp 443',
          'orders: new third-party call: api.mailer.example POST /v1/mails',
          'orders: environment variables (orders-v1) added name MAILER_URL value http://api.mailer.example',
          'orders: visible hosts (orders-v1) added egress-gateway/api.mailer.example, egress-gateway/egress-gateway.egress-gateway.svc.cluster.local',
          'orders: volumes (orders-v1) added csi driver secrets-store-gke.csi.k8s.io readOnly true volumeAttributes secretProviderClass orders name secrets',
          'permissions: roles/secretmanager.secretAccessor to ns/shop/sa/orders-v1 none → granted',
        ],
        flags: ['authorization-widened', 'iam-granted'],
      },
      pilot: { stacks: ['data'], headlines: [] },
    },
  },
  {
    name: 'Let readers see their own orders',
    by: 'service team',
    at: '2026-07-01T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'services/orders.yaml',
        'database: true',
        'ingress:\n  - { host: api, methods: [GET], paths: [/orders, /orders/*], jwt: required }\n\ndatabase: true',
      ),
    reviews: {
      trial: meshPolicies(
        [
          'orders: new public route: GET /orders /orders/*, with end-user token',
          'orders: public host api.trial.books.example none → served',
          'orders: accepted end-user tokens none → https://securetoken.google.com/books-trial-example for books-trial-example',
          'orders: visible hosts (orders-v1) added istio-system/www.googleapis.com',
        ],
        ['public-route-added'],
      ),
      live: meshPolicies(
        [
          'orders: new public route: GET /orders /orders/*, with end-user token',
          'orders: public host api.books.example none → served',
          'orders: accepted end-user tokens none → https://securetoken.google.com/books-live-example for books-live-example',
          'orders: visible hosts (orders-v1) added istio-system/www.googleapis.com',
        ],
        ['public-route-added'],
      ),
    },
  },
  {
    name: 'Expect titles to answer sooner',
    by: 'service team',
    at: '2026-08-03T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.set('services/titles.yaml', ['slos', 'latency'], { targetPercent: 95, thresholdMs: 256 }),
    reviews: { 'trial live': { stacks: ['observability', 'mesh-policies'], headlines: [] } },
  },
  {
    name: 'Rename titles to books',
    by: 'service team',
    at: '2026-09-01T08:00:00Z',
    apply: ({ catalogue }) => {
      const text = catalogue.read('services/titles.yaml');
      catalogue.write(
        'services/books.yaml',
        text.replace('name: titles', 'name: books\nrenamedFrom: titles'),
      );
      catalogue.remove('services/titles.yaml');
      catalogue.replace('services/website.yaml', 'service: titles', 'service: books');
      catalogue.replace('releases/live.yaml', '  titles:', '  books:');
    },
    reviews: { 'trial live': meshPolicies(['titles: renamed in the catalogue: titles → books']) },
  },
  {
    name: 'Delete the environment pilot after its resources were destroyed',
    by: 'operations',
    at: '2026-10-01T08:00:00Z',
    inWorkingCopy: true,
    apply: ({ catalogue }) => {
      catalogue.remove('environments/pilot.yaml');
      catalogue.remove('releases/pilot.yaml');
    },
    reviews: { pilot: { stacks: [], headlines: [], flags: ['stack-removed'] } },
    accepted: 'mesh destroy has removed every resource of pilot',
  },
  {
    name: 'Give trial the address ranges of live',
    by: 'platform team',
    at: '2026-10-02T08:00:00Z',
    apply: ({ catalogue }) => catalogue.replace('environments/trial.yaml', '10.42.0.0/16', '8.8.0.0/16'),
    refused: [/environments\/trial\.yaml:\d+:\d+: network\.podsCidr: .*\[PLT-006\]$/],
  },
  {
    name: 'Remove reviews of readers',
    by: 'service team',
    at: '2026-11-02T08:00:00Z',
    apply: ({ catalogue }) => {
      catalogue.remove('services/reviews.yaml');
      catalogue.delete('services/website.yaml', ['calls', 2]);
      catalogue.delete('releases/live.yaml', ['services', 'reviews']);
    },
    reviews: {
      trial: {
        stacks: ['data', 'observability', 'mesh-policies'],
        headlines: [
          'data: database user reviews-db@books-trial-example.iam present → none',
          'data: service account google_service_account.reviews_database_account present → none',
          'permissions: roles/cloudsql.client to ${google_service_account.reviews_database_account.member} granted → none',
          'permissions: roles/cloudsql.instanceUser to ${google_service_account.reviews_database_account.member} granted → none',
          'permissions: roles/iam.workloadIdentityUser to serviceAccount:books-trial-example.svc.id.goog[shop/reviews-v1] granted → none',
          'reviews: service removed',
          'reviews: caller removed: website → reviews GET /reviews/*',
          'website: environment variables (website-v1) added name UPSTREAM_URIS value http://orders.shop.svc.cluster.local/orders,http://titles.shop.svc.cluster.local/titles; removed name REVIEWS_URL value http://reviews.shop.svc.cluster.local, name UPSTREAM_URIS value http://orders.shop.svc.cluster.local/orders,http://reviews.shop.svc.cluster.local/reviews/sample,http://titles.shop.svc.cluster.local/titles',
          'website: visible hosts (website-v1) removed shop/reviews-v1.shop.svc.cluster.local, shop/reviews.shop.svc.cluster.local',
        ],
        flags: ['traffic-interrupted'],
      },
      live: {
        stacks: ['data', 'observability', 'mesh-policies'],
        headlines: [
          'data: database user reviews-db@books-live-example.iam present → none',
          'data: service account google_service_account.reviews_database_account present → none',
          'permissions: roles/cloudsql.client to ${google_service_account.reviews_database_account.member} granted → none',
          'permissions: roles/cloudsql.instanceUser to ${google_service_account.reviews_database_account.member} granted → none',
          'permissions: roles/iam.workloadIdentityUser to serviceAccount:books-live-example.svc.id.goog[shop/reviews-v1] granted → none',
          'reviews: service removed',
          'reviews: caller removed: website → reviews GET /reviews/*',
          'website: environment variables (website-v1) removed name REVIEWS_URL value http://reviews.shop.svc.cluster.local',
          'website: visible hosts (website-v1) removed shop/reviews-v1.shop.svc.cluster.local, shop/reviews.shop.svc.cluster.local',
        ],
        flags: ['traffic-interrupted'],
      },
    },
  },
];
