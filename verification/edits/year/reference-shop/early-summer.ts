/** May and June: an environment for a while, and objectives. */
import type { CatalogueEdit } from '../../edit';
import { shopImage } from './registries';

const QA_RANGES = [
  ['10.20.', '10.40.'],
  ['10.21.', '10.41.'],
  ['10.22.', '10.42.'],
  ['10.23.', '10.43.'],
] as const;

export const EARLY_SUMMER: readonly CatalogueEdit[] = [
  {
    name: 'Add the environment qa',
    by: 'platform team',
    at: '2026-05-04T08:00:00Z',
    inWorkingCopy: true,
    apply: ({ catalogue }) => {
      const staging = catalogue.read('environments/staging.yaml');
      catalogue.write(
        'environments/qa.yaml',
        QA_RANGES.reduce(
          (text, [from, to]) => text.replaceAll(from, to),
          staging.replaceAll('staging', 'qa').replace("'100000000002'", "'100000000004'"),
        ),
      );
      // Nothing in qa takes reports of browsers yet.
      catalogue.delete('environments/qa.yaml', ['browsers', 'contentSecurityPolicy', 'reports']);
      catalogue.write('releases/qa.yaml', 'services: {}\nacknowledgedIncidents: []\n');
    },
    reviews: {
      qa: {
        stacks: ['network', 'cluster-and-asm', 'data', 'observability', 'mesh-policies'],
        headlines: ['qa: new environment'],
        flags: ['iam-granted'],
      },
    },
  },
  {
    name: 'Give qa a public name of staging',
    by: 'platform team',
    at: '2026-05-04T09:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('environments/qa.yaml', 'api.qa.shop.example', 'api.staging.shop.example'),
    refused: [
      /domainNames.*'api\.staging\.shop\.example' .*\[PLT-\d+\]$/,
      /environments\/qa\.yaml:\d+:\d+: dns\.publicZone: .* is not in zone 'qa\.shop\.example'/,
    ],
  },
  {
    name: 'Ship the first image of recommendation to qa',
    by: 'machine',
    at: '2026-05-05T08:00:00Z',
    apply: ({ release }) =>
      release('set', 'recommendation', '--env', 'qa', '--image', shopImage('qa', 'recommendation', 'c')),
    reviews: {
      qa: {
        stacks: ['observability', 'mesh-policies'],
        headlines: [
          'notifications: channel channels_team_storefront_page none → present',
          'notifications: channel channels_team_storefront_ticket none → present',
          'recommendation: new service',
        ],
      },
    },
  },
  {
    name: 'Lose qa while staging is tidied up',
    by: 'platform team',
    at: '2026-05-06T08:00:00Z',
    apply: ({ catalogue }) => {
      catalogue.remove('environments/qa.yaml');
      catalogue.remove('releases/qa.yaml');
    },
    reviews: { qa: { stacks: [], headlines: [], flags: ['stack-removed'] } },
  },
  {
    name: 'Delete staging, from which prod promotes',
    by: 'platform team',
    at: '2026-05-07T08:00:00Z',
    apply: ({ catalogue }) => {
      catalogue.remove('environments/staging.yaml');
      catalogue.remove('releases/staging.yaml');
    },
    refused: [/environments\/prod\.yaml:\d+:\d+: promotion\.from: 'staging' .*/],
  },
  {
    name: 'Tighten the latency objective of recommendation',
    by: 'service team',
    at: '2026-05-11T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('services/recommendation.yaml', 'targetPercent: 95', 'targetPercent: 97'),
    reviews: {
      'dev staging prod qa': {
        stacks: ['observability', 'mesh-policies'],
        headlines: ['recommendation: latency SLO target 95 % → 97 %'],
      },
    },
  },
  {
    name: 'Lower the availability objective of user-profile',
    by: 'service team',
    at: '2026-05-12T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('services/user-profile.yaml', 'targetPercent: 99.9', 'targetPercent: 99.5'),
    reviews: {
      'dev staging prod': {
        stacks: ['observability', 'mesh-policies'],
        headlines: ['user-profile: availability SLO target 99.9 % → 99.5 %'],
        flags: ['slo-lowered'],
      },
    },
  },
  {
    name: 'Delete the environment qa after its resources were destroyed',
    by: 'operations',
    at: '2026-06-01T08:00:00Z',
    inWorkingCopy: true,
    apply: ({ catalogue }) => {
      catalogue.remove('environments/qa.yaml');
      catalogue.remove('releases/qa.yaml');
    },
    reviews: { qa: { stacks: [], headlines: [], flags: ['stack-removed'] } },
    accepted: 'mesh destroy has removed every resource of qa',
  },
];
