/** Edits of canaries in the small shop (`shop/`). */
import { inReleases, replaceIn, service } from './catalogue-edits';
import type { Edit, ExpectedChange } from './edit';

const WEIGHT_CHANGES = [
  'update kubernetes_manifest.checkout_*',
  'update kubernetes_manifest.public_api',
  'update google_monitoring_alert_policy.checkout_*',
];
const WITHOUT_CANARY = inReleases(
  '      v2: IMAGE\n    canary: { version: v2, weightPercent: 10 }\n',
  '',
  'checkout',
  '3',
);

const END_OF_CANARY = [
  'cart: access removed: checkout v2 → cart GET DELETE /carts/*',
  'checkout: canary v2 10 % → none',
  'checkout: image checkout@33333333 → none (v2)',
  'checkout v2: access removed: api.payment-gateway.example POST /v1/charges',
];
const START_OF_CANARY = [
  'cart: additional access: checkout v2 → cart GET DELETE /carts/*',
  'checkout: canary v2 none → 10 %',
  'checkout: image none → checkout@33333333 (v2)',
  'checkout v2: additional access: api.payment-gateway.example POST /v1/charges',
];

export function canaryScenarios(env: string): readonly Edit[] {
  return [
    {
      name: 'canary weight',
      change: { edits: [replaceIn(`releases/${env}.yaml`, 'weightPercent: 10', 'weightPercent: 25')] },
      expected: weightChange('10 % → 25 %'),
      back: weightChange('25 % → 10 %'),
    },
    {
      name: 'last and first canary',
      change: { edits: WITHOUT_CANARY },
      expected: {
        stacks: ['mesh-policies'],
        headlines: END_OF_CANARY,
        flags: ['traffic-interrupted'],
        changes: [
          'delete google_monitoring_alert_policy.checkout_canary_*',
          'delete kubernetes_manifest.checkout_*',
          'update kubernetes_manifest.*',
        ],
      },
      back: {
        stacks: ['mesh-policies'],
        headlines: START_OF_CANARY,
        flags: ['authorization-widened'],
        changes: [
          'create google_monitoring_alert_policy.checkout_canary_*',
          'create kubernetes_manifest.checkout_*',
          'update kubernetes_manifest.*',
        ],
      },
    },
    {
      // The rollback controller leaves with the last service that may have a canary.
      name: 'last and first canary policy',
      change: {
        edits: [...WITHOUT_CANARY, service('checkout', 'canary: { calls: [cart, payment-gateway] }\n', '')],
      },
      expected: {
        stacks: ['data', 'observability', 'mesh-policies'],
        headlines: [
          ...END_OF_CANARY,
          ...rollbackController('granted → none', 'on → none'),
          'canary-rollback: namespace canary-rollback present → none',
          'data: service account * present → none',
          'data: schedule of the rollback controller canary-rollback present → none',
          'data: trigger of the rollback controller canary-rollback present → none',
          'data: workflow canary-rollback present → none',
          'the mesh: role shop-* permissions → none',
          'canary-rollback: role shop-canary-rollback 2 permissions → none',
        ],
        flags: ['stateful-destroyed', 'default-deny-removed', 'protection-off', 'traffic-interrupted'],
        changes: [
          'delete google_*.*canary_*',
          'delete google_secret_manager_secret_iam_member.*checkout_v2*',
          'update google_monitoring_*',
          'delete kubernetes_manifest.*',
          'update kubernetes_manifest.*',
        ],
      },
      back: {
        stacks: ['data', 'observability', 'mesh-policies'],
        headlines: [...START_OF_CANARY, ...rollbackController('none → granted', 'none → on')],
        flags: ['authorization-widened', 'iam-granted'],
        changes: [
          'create google_*.*canary_*',
          'create google_secret_manager_secret_iam_member.*checkout_v2*',
          'update google_monitoring_*',
          'create kubernetes_manifest.*',
          'update kubernetes_manifest.*',
        ],
      },
    },
  ];
}

function weightChange(weights: string): ExpectedChange {
  return {
    stacks: ['mesh-policies'],
    headlines: [`checkout: canary v2 ${weights}`],
    flags: [],
    changes: WEIGHT_CHANGES,
  };
}

/** Its rights and its namespace. */
function rollbackController(granted: string, on: string): string[] {
  return [
    ...['canary-rollback', 'ingress-gateway', 'purchasing'].map(
      (namespace) => `${namespace}: role shop-canary-rollback in namespace ${namespace} to User * ${granted}`,
    ),
    `canary-rollback: role shop-viewer in namespace canary-rollback to Group * ${granted}`,
    `canary-rollback: L3/L4 default deny (NetworkPolicy) ${on}`,
    `canary-rollback: L7 default deny (AuthorizationPolicy) ${on}`,
    ...['plan', 'apply'].map(
      (account) => `the mesh: role shop-${account} in the whole cluster to User * ${granted}`,
    ),
    ...[
      'eventarc.eventReceiver',
      'gkehub.gatewayEditor',
      'logging.logWriter',
      'monitoring.alertViewer',
      'secretmanager.secretAccessor',
      'workflows.invoker',
    ].map((role) => `permissions: roles/${role} to * ${granted}`),
  ];
}
