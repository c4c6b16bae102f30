/** Ordinary edits of the small shop (`shop/`), in the order in which they are applied. */
import type { Environment } from '../../../model/environment';
import { onCallHeadlines, thirdPartyHeadlines } from './added-words';
import { canaryScenarios } from './canary-scenarios';
import { inReleases, replaceIn, service } from './catalogue-edits';
import { rotateKeys } from './key-rotation';
import type { ExpectedChange, EditScenario } from './edit';

const NO_CHANGE: ExpectedChange = { stacks: [], headlines: [], flags: [], changes: [] };

export function scenariosOf({ name: env, production }: Environment): readonly EditScenario[] {
  const environment = (from: string, to: string) => replaceIn(`environments/${env}.yaml`, from, to);
  const [machine, larger] = production
    ? ['n2-standard-8', 'n2-standard-16']
    : ['e2-standard-4', 'e2-standard-8'];
  return [
    ...canaryScenarios(env),
    {
      name: 'on-call address',
      change: { edits: [environment('page: [oncall@shop.example]', 'page: [night@shop.example]')] },
      expected: {
        stacks: ['observability'],
        headlines: onCallHeadlines(production, 'oncall@shop.example', 'night@shop.example'),
        flags: ['notification-moved'],
        changes: ['update google_monitoring_notification_channel.*'],
      },
      back: {
        stacks: ['observability'],
        headlines: onCallHeadlines(production, 'night@shop.example', 'oncall@shop.example'),
        flags: ['notification-moved'],
        changes: ['update google_monitoring_notification_channel.*'],
      },
    },
    {
      name: 'node size',
      change: { edits: [environment(machine, larger)] },
      expected: {
        stacks: ['cluster-and-asm'],
        headlines: [`cluster: machine type of nodes (default) ${machine} → ${larger}`],
        flags: [],
        changes: ['update google_container_node_pool.*'],
      },
      back: {
        stacks: ['cluster-and-asm'],
        headlines: [`cluster: machine type of nodes (default) ${larger} → ${machine}`],
        flags: [],
        changes: ['update google_container_node_pool.*'],
      },
    },
    {
      name: 'new and removed service',
      change: {
        added: {
          'services/reviews.yaml':
            'name: reviews\ndescription: Reviews, what shoppers say about products\nowner: team-storefront\ndomain: storefront\ntier: standard\npciScope: out-of-scope\ntimeoutMs: 500\nslos: { expectedRequestsPerSecond: 10 }\n',
        },
        edits: [
          ...inReleases('  frontend:', '  reviews:\n    images: { v1: IMAGE }\n  frontend:', 'reviews', '5'),
          service(
            'frontend',
            'timeoutMs: 4000',
            'calls:\n  - { service: reviews, methods: [GET], paths: [/reviews/*] }\ntimeoutMs: 4000',
          ),
        ],
      },
      expected: {
        stacks: ['observability', 'mesh-policies'],
        headlines: [
          'frontend: environment variables (frontend-v1) added name REVIEWS_URL value http://reviews.storefront.svc.cluster.local',
          'frontend: visible hosts (frontend-v1) added storefront/reviews-v1.storefront.svc.cluster.local, storefront/reviews.storefront.svc.cluster.local; removed ~/*',
          'reviews: new service',
          'reviews: new caller: frontend → reviews GET /reviews/*',
        ],
        flags: ['authorization-widened'],
        changes: [
          'create kubernetes_manifest.reviews_*',
          'create google_monitoring_*.reviews_*',
          'update google_monitoring_dashboard.*',
          'update kubernetes_manifest.frontend_*',
        ],
      },
      back: {
        stacks: ['observability', 'mesh-policies'],
        headlines: [
          'frontend: environment variables (frontend-v1) removed name REVIEWS_URL value http://reviews.storefront.svc.cluster.local',
          'frontend: visible hosts (frontend-v1) added ~/*; removed storefront/reviews-v1.storefront.svc.cluster.local, storefront/reviews.storefront.svc.cluster.local',
          'reviews: service removed',
          'reviews: caller removed: frontend → reviews GET /reviews/*',
        ],
        flags: ['traffic-interrupted'],
        changes: [
          'delete kubernetes_manifest.reviews_*',
          'delete google_monitoring_*.reviews_*',
          'update google_monitoring_dashboard.*',
          'update kubernetes_manifest.frontend_*',
        ],
      },
    },
    {
      name: 'new and removed secret',
      change: {
        edits: [
          replaceIn(
            'mesh.yaml',
            'secrets:',
            'secrets:\n  fraud-check-key: { description: Key of the shop at the fraud check }',
          ),
          service('checkout', 'secrets: [', 'secrets: [fraud-check-key, '),
        ],
      },
      expected: {
        stacks: ['data', 'mesh-policies'],
        headlines: [
          'permissions: roles/secretmanager.secretAccessor to ns/purchasing/sa/checkout-v1 none → granted',
          'permissions: roles/secretmanager.secretAccessor to ns/purchasing/sa/checkout-v2 none → granted',
          'purchasing: mounted secrets (checkout) changed',
        ],
        flags: ['iam-granted'],
        changes: [
          'create google_secret_manager_secret.*fraud*',
          'create google_secret_manager_secret_iam_member.*fraud*',
          'update kubernetes_manifest.checkout_*',
        ],
      },
      back: {
        stacks: ['data', 'mesh-policies'],
        headlines: [
          'data: secret fraud-check-key present → none',
          'permissions: roles/secretmanager.secretAccessor to ns/purchasing/sa/checkout-v1 granted → none',
          'permissions: roles/secretmanager.secretAccessor to ns/purchasing/sa/checkout-v2 granted → none',
          'purchasing: mounted secrets (checkout) changed',
        ],
        flags: ['stateful-destroyed'],
        changes: [
          'delete google_secret_manager_secret.*fraud*',
          'delete google_secret_manager_secret_iam_member.*fraud*',
          'update kubernetes_manifest.checkout_*',
        ],
        ...(production && { refused: /lifecycle\.prevent_destroy/ }),
      },
    },
    {
      name: 'new and removed third party',
      change: {
        added: {
          'external/tax-service.yaml':
            'name: tax-service\ndescription: Tax service, rates by country\nowner: team-purchasing\nhost: api.tax-service.example\ntimeoutMs: 100\n',
        },
        edits: [
          service(
            'cart',
            'timeoutMs: 800',
            'calls:\n  - { external: tax-service, methods: [POST], paths: [/v1/rates] }\ntimeoutMs: 800',
          ),
        ],
      },
      expected: {
        stacks: ['network', 'mesh-policies'],
        headlines: thirdPartyHeadlines(true),
        flags: ['authorization-widened'],
        changes: ['create google_*', 'create kubernetes_manifest.*tax*', 'update kubernetes_manifest.*'],
      },
      back: {
        stacks: ['network', 'mesh-policies'],
        headlines: thirdPartyHeadlines(false),
        flags: ['traffic-interrupted'],
        changes: ['delete google_*', 'delete kubernetes_manifest.*tax*', 'update kubernetes_manifest.*'],
      },
    },
    {
      name: 'new and removed route',
      change: {
        edits: [service('checkout', 'paths: [/checkout/*], jwt', 'paths: [/checkout/*, /vouchers/*], jwt')],
      },
      expected: {
        stacks: ['mesh-policies'],
        headlines: ['checkout: new public route: GET POST /vouchers/*, with end-user token'],
        flags: ['public-route-added'],
        changes: ['update kubernetes_manifest.*'],
      },
      back: {
        stacks: ['mesh-policies'],
        headlines: ['checkout: public route removed: GET POST /vouchers/*, with end-user token'],
        flags: [],
        changes: ['update kubernetes_manifest.*'],
      },
    },
    // Google rotates keys by schedule, and docs/runbooks/rotate-a-key.md creates versions by hand.
    { name: 'rotated keys', run: rotateKeys, expected: NO_CHANGE },
  ];
}
