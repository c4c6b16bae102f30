/** October: upgrades, limits and waivers. */
import type { CatalogueEdit } from '../../edit';
import { meshPolicies } from '../words';

export const AUTUMN: readonly CatalogueEdit[] = [
  {
    name: 'Freeze upgrades of prod over the sales weekend',
    by: 'platform team',
    at: '2026-10-01T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.set('environments/prod.yaml', ['cluster', 'maintenance'], {
        exclusions: [
          {
            name: 'sales-weekend',
            start: '2026-11-26T00:00:00Z',
            end: '2026-12-01T00:00:00Z',
            scope: 'no-upgrades',
          },
        ],
      }),
    reviews: {
      prod: {
        stacks: ['cluster-and-asm'],
        headlines: [
          'cluster: maintenance exclusions (shop-mesh) added end_time 2026-12-01T00:00:00Z exclusion_name sales-weekend exclusion_options scope NO_UPGRADES start_time 2026-11-26T00:00:00Z',
        ],
      },
    },
  },
  {
    name: 'End the freeze of prod',
    by: 'platform team',
    at: '2026-10-02T08:00:00Z',
    apply: ({ catalogue }) => catalogue.delete('environments/prod.yaml', ['cluster', 'maintenance']),
    reviews: {
      prod: {
        stacks: ['cluster-and-asm'],
        headlines: [
          'cluster: maintenance exclusions (shop-mesh) removed end_time 2026-12-01T00:00:00Z exclusion_name sales-weekend exclusion_options scope NO_UPGRADES start_time 2026-11-26T00:00:00Z',
        ],
        flags: ['upgrades-loosened'],
      },
    },
  },
  {
    name: 'Upgrade Kiali in staging',
    by: 'machine',
    at: '2026-10-05T08:00:00Z',
    apply: ({ catalogue }) => catalogue.set('environments/staging.yaml', ['kiali', 'chartVersion'], '2.22.0'),
    reviews: {
      staging: {
        stacks: ['observability'],
        headlines: [
          'cluster: chart values (kiali) changed',
          'cluster: chart version (kiali) 2.21.0 → 2.22.0',
        ],
      },
    },
  },
  {
    name: 'Take upgrades of prod from the regular channel',
    by: 'platform team',
    at: '2026-10-06T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('environments/prod.yaml', 'releaseChannel: STABLE', 'releaseChannel: REGULAR'),
    reviews: {
      prod: {
        stacks: ['cluster-and-asm'],
        headlines: ['cluster: release channel (shop-mesh) STABLE → REGULAR'],
        flags: ['upgrades-loosened'],
      },
    },
  },
  {
    name: 'Use a zone that europe-west1 does not have',
    by: 'platform team',
    at: '2026-10-06T09:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('environments/prod.yaml', 'zones: [b, c, d]', 'zones: [a, b, c]'),
    refused: [/environments\/prod\.yaml:\d+:\d+: zones.*\[PLT-008\]$/],
  },
  {
    name: 'Give user-profile more time',
    by: 'service team',
    at: '2026-10-07T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('services/user-profile.yaml', 'timeoutMs: 1000', 'timeoutMs: 1200'),
    reviews: {
      'dev staging prod': meshPolicies(['user-profile: timeout 1 s → 1.2 s'], ['limits-loosened']),
    },
  },
  {
    name: 'Answer checkouts sooner than its calls may take, until March',
    by: 'service team',
    at: '2026-10-12T08:00:00Z',
    apply: ({ catalogue }) => {
      catalogue.replace('services/checkout.yaml', 'timeoutMs: 6000', 'timeoutMs: 4500');
      catalogue.set(
        'services/checkout.yaml',
        ['waivers'],
        [
          {
            rule: 'RES-003',
            reason: 'Calls to payment and order-management overlap from release 41 on',
            owner: 'team-purchasing',
            expires: '2027-03-31',
          },
        ],
      );
    },
    reviews: {
      'dev staging': meshPolicies([
        'checkout: timeout 6 s → 4.5 s',
        'checkout: time to shut down in s (checkout-v1) 26 → 25 (v1)',
        'checkout: time to shut down in s (checkout-v2) 26 → 25 (v2)',
        'ingress-gateway: timeout of the load balancer in s 11 → 10',
      ]),
      prod: meshPolicies([
        'checkout: timeout 6 s → 4.5 s',
        'checkout: time to shut down in s (checkout-v1) 26 → 25',
        'ingress-gateway: timeout of the load balancer in s 11 → 10',
      ]),
    },
  },
  {
    name: 'Waive a rule until a day that has passed',
    by: 'service team',
    at: '2026-10-12T09:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('services/checkout.yaml', 'expires: 2027-03-31', 'expires: 2026-09-30'),
    refused: [/services\/checkout\.yaml:\d+:\d+: waivers\[0\]\.expires: .*2026-09-30/],
  },
  {
    name: 'Run more pods of frontend at the peak',
    by: 'service team',
    at: '2026-10-13T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'services/frontend.yaml',
        'minReplicas: 3, maxReplicas: 20',
        'minReplicas: 4, maxReplicas: 24',
      ),
    reviews: { 'staging prod': meshPolicies(['frontend: replicas 3 to 20 → 4 to 24']) },
  },
  {
    name: 'Give payment a variable for its currency',
    by: 'service team',
    at: '2026-10-14T08:00:00Z',
    apply: ({ catalogue }) => catalogue.set('services/payment.yaml', ['env'], { CURRENCY: 'EUR' }),
    reviews: {
      'dev staging prod': meshPolicies([
        'payment: environment variables (payment-v1) added name CURRENCY value EUR',
      ]),
    },
  },
  {
    name: 'Run fewer nodes in dev',
    by: 'platform team',
    at: '2026-10-15T08:00:00Z',
    apply: ({ catalogue }) => catalogue.replace('environments/dev.yaml', 'maxPerZone: 4', 'maxPerZone: 3'),
    reviews: {
      dev: {
        stacks: ['cluster-and-asm'],
        headlines: ['cluster: most nodes a zone (default) 4 → 3'],
        flags: ['capacity-reduced'],
      },
    },
  },
];
