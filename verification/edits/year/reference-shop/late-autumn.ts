/** From mid-October: edge, data, and what is no longer needed. */
import type { CatalogueEdit } from '../../edit';
import { thirdPartyLimits } from '../words';

export const LATE_AUTUMN: readonly CatalogueEdit[] = [
  {
    name: 'Keep the logs of dev for two weeks',
    by: 'platform team',
    at: '2026-10-16T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('environments/dev.yaml', 'retentionDays: 30', 'retentionDays: 14'),
    reviews: {
      dev: {
        stacks: ['observability'],
        headlines: ['data: retention of evidence logs in days (shop-evidence) 30 → 14'],
        flags: ['evidence-reduced'],
      },
    },
  },
  {
    name: 'Keep the logs of prod for a month',
    by: 'platform team',
    at: '2026-10-16T09:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'environments/prod.yaml',
        'logs: { locked: false }',
        'logs: { locked: false, retentionDays: 30 }',
      ),
    refused: [/environments\/prod\.yaml:\d+:\d+: logs\.retentionDays: .*\[PRD-\d+\]$/],
  },
  {
    name: 'Allow fewer requests a client in prod',
    by: 'platform team',
    at: '2026-10-19T08:00:00Z',
    apply: ({ catalogue }) => catalogue.set('environments/prod.yaml', ['edge'], { requestsPerMinute: 300 }),
    reviews: {
      prod: {
        stacks: ['network'],
        headlines: ["network: Cloud Armor rule 'rate limit per client address', requests in 60 s 600 → 300"],
      },
    },
  },
  {
    name: 'Only log what the firewall of prod would deny',
    by: 'platform team',
    at: '2026-10-19T09:00:00Z',
    apply: ({ catalogue }) => catalogue.set('environments/prod.yaml', ['edge', 'firewallMode'], 'preview'),
    reviews: {
      prod: {
        stacks: ['network'],
        headlines: [
          "network: Cloud Armor rule 'deny cve' enforced → only logged",
          "network: Cloud Armor rule 'deny lfi' enforced → only logged",
          "network: Cloud Armor rule 'deny protocolattack' enforced → only logged",
          "network: Cloud Armor rule 'deny rce' enforced → only logged",
          "network: Cloud Armor rule 'deny rfi' enforced → only logged",
          "network: Cloud Armor rule 'deny scannerdetection' enforced → only logged",
          "network: Cloud Armor rule 'deny sessionfixation' enforced → only logged",
          "network: Cloud Armor rule 'deny sqli' enforced → only logged",
          "network: Cloud Armor rule 'deny xss' enforced → only logged",
          "network: Cloud Armor rule 'rate limit per client address' enforced → only logged",
          "network: Cloud Armor rule 'rate limit per client address of requests with a body' enforced → only logged",
          "network: Cloud Armor rule 'webhook api.shop.example/webhooks/payments' enforced → only logged",
          "network: Cloud Armor rule 'others at webhook api.shop.example/webhooks/payments' enforced → only logged",
        ],
        flags: ['protection-off'],
      },
    },
  },
  {
    name: 'Trace more requests of prod',
    by: 'platform team',
    at: '2026-10-20T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'environments/prod.yaml',
        'traces: { samplingPercent: 1 }',
        'traces: { samplingPercent: 2 }',
      ),
    reviews: {
      prod: {
        stacks: ['observability'],
        headlines: [
          'the mesh: tracing (mesh-default) added providers name stackdriver randomSamplingPercentage 2; removed providers name stackdriver randomSamplingPercentage 1',
        ],
      },
    },
  },
  {
    name: 'Give the database of prod more processors',
    by: 'platform team',
    at: '2026-10-21T08:00:00Z',
    apply: ({ catalogue }) => catalogue.replace('environments/prod.yaml', 'cpuCount: 8', 'cpuCount: 16'),
    reviews: { prod: { stacks: ['data'], headlines: ['data: vCPUs of the database (primary) 8 → 16'] } },
  },
  {
    name: 'Put the deletion protection of prod off',
    by: 'platform team',
    at: '2026-10-21T09:00:00Z',
    apply: ({ catalogue }) => catalogue.set('environments/prod.yaml', ['deletionProtection'], false),
    refused: [/environments\/prod\.yaml:\d+:\d+: deletionProtection: .*\[PRD-\d+\]$/],
  },
  {
    name: 'Start only signed images in staging',
    by: 'platform team',
    at: '2026-10-26T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('environments/staging.yaml', 'attestation: audit', 'attestation: required'),
    reviews: {
      staging: {
        stacks: ['cluster-and-asm'],
        headlines: [
          'cluster: enforcement of attestations (google_binary_authorization_policy.attestation_policy) DRYRUN_AUDIT_LOG_ONLY → ENFORCED_BLOCK_AND_AUDIT_LOG',
        ],
      },
    },
  },
  {
    name: 'Take the tax service out again',
    by: 'service team',
    at: '2026-11-02T08:00:00Z',
    apply: ({ catalogue }) => {
      catalogue.remove('external/tax-service.yaml');
      catalogue.delete('services/order-management.yaml', ['calls']);
    },
    reviews: {
      'dev staging prod': {
        stacks: ['network', 'mesh-policies'],
        headlines: [
          'egress-gateway: external host tax-service present → none',
          'network: firewall allows EGRESS (allow-tax-service) api.tax-service.example tcp 443 → none',
          'order-management: third-party call removed: api.tax-service.example POST /v1/rates',
          'order-management: environment variables (order-management-v1) removed name TAX_SERVICE_URL value http://api.tax-service.example',
          'order-management: visible hosts (order-management-v1) removed egress-gateway/api.tax-service.example, egress-gateway/egress-gateway.egress-gateway.svc.cluster.local',
          ...thirdPartyLimits('tax-service', '200 ms', 'removed'),
        ],
        flags: ['traffic-interrupted'],
      },
    },
  },
  {
    name: 'Let payment no longer read the key for fraud checks',
    by: 'service team',
    at: '2026-11-09T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('services/payment.yaml', 'secrets: [fraud-check-key, ', 'secrets: ['),
    reviews: {
      'staging prod': {
        stacks: ['data', 'mesh-policies'],
        headlines: [
          'payments: mounted secrets (payment) changed',
          'permissions: roles/secretmanager.secretAccessor to ns/payments/sa/payment-v1 granted → none',
        ],
      },
    },
  },
  {
    name: 'Delete the key for fraud checks',
    by: 'platform team',
    at: '2026-11-16T08:00:00Z',
    apply: ({ catalogue }) => catalogue.delete('mesh.yaml', ['secrets', 'fraud-check-key']),
    reviews: {
      'dev staging prod': {
        stacks: ['data'],
        headlines: ['data: secret fraud-check-key present → none'],
        flags: ['stateful-destroyed'],
      },
    },
    accepted: 'the contract with the fraud check has ended',
  },
];
