/**
 * Faults that the product once had and that every check without a cloud accepted. Each is put back, and the apply must
 * fail with the message that a real project gives.
 */
import type { CloudState } from '../engine/world';
import type { ApiObject } from '../engine/json';
import type { Switches } from '../engine/switches';
import type { ResourceJson } from './stack-file';

type Resources = Record<string, Record<string, ResourceJson>>;

export interface Regression {
  readonly name: string;
  /** Kind of the stack that has the fault. */
  readonly stack: string;
  /** Edits the synthesized JSON. @default no edit */
  readonly edit?: (resources: Resources) => void;
  /** Changes the project before the apply. @default no change */
  readonly prepare?: (world: CloudState) => void;
  /** Undoes `prepare`. */
  readonly repair?: (world: CloudState) => void;
  readonly switches?: Partial<Switches>;
  /** Terraform would replace the resource; as `terraform untaint`, the test keeps it. @default false */
  readonly taints?: boolean;
  /** In Terraform's output. */
  readonly message: RegExp;
}

const RELEASE_TIMEOUT_SECONDS = 20;

export const REGRESSIONS: readonly Regression[] = [
  // First in its stack: once the attestor exists, its id is known.
  {
    name: 'an attestor by an id that the plan does not know',
    stack: 'cluster-and-asm',
    edit: (resources) => {
      const [attestor = ''] = Object.keys(resources['google_binary_authorization_attestor'] ?? {});
      const policy = only(resources, 'google_binary_authorization_policy');
      delete policy['depends_on'];
      (policy['default_admission_rule'] as ApiObject)['require_attestations_by'] = [
        `\${google_binary_authorization_attestor.${attestor}.id}`,
      ];
    },
    message: /inconsistent final plan/,
  },
  {
    name: 'vulnerability scanning that Google shut down',
    stack: 'cluster-and-asm',
    edit: (resources) => {
      only(resources, 'google_container_cluster')['security_posture_config'] = {
        mode: 'BASIC',
        vulnerability_mode: 'VULNERABILITY_BASIC',
      };
    },
    message: /no longer supported/,
  },
  {
    name: 'an endpoint without the API of Service Directory',
    stack: 'data',
    prepare: ({ services }) => void services.delete('servicedirectory.googleapis.com'),
    repair: (world) => world.enable('servicedirectory.googleapis.com'),
    message: /servicedirectory\.googleapis\.com has not been used/,
  },
  // First in its stack: an apply that fails for another reason has created the bucket.
  {
    name: 'a log bucket whose name was deleted within seven days',
    stack: 'observability',
    prepare: (world) => setBucketState(world, 'DELETE_REQUESTED'),
    repair: (world) => setBucketState(world, 'ACTIVE'),
    taints: true,
    message: /Buckets must be in an ACTIVE state/,
  },
  {
    name: 'an alert on a log-based metric that was just created',
    stack: 'observability',
    edit: (resources) => {
      const alert = resources['google_monitoring_alert_policy']?.['security_denied_requests'] ?? {};
      alert['depends_on'] = ['google_logging_metric.security_denied_requests_metric'];
      alert['conditions'] = [
        {
          display_name: 'denied requests',
          condition_threshold: {
            filter:
              'metric.type="logging.googleapis.com/user/denied-requests" AND resource.type="k8s_container"',
            comparison: 'COMPARISON_GT',
            threshold_value: 20,
            duration: '0s',
            aggregations: [{ alignment_period: '600s', per_series_aligner: 'ALIGN_SUM' }],
          },
        },
      ];
    },
    switches: { logMetricDelayMs: 600_000 },
    message: /Cannot find metric\(s\)/,
  },
  {
    name: 'a NetworkPolicy with an empty list of rules',
    stack: 'observability',
    edit: (resources) => {
      const { manifest } = resources['kubernetes_manifest']?.['kiali_network_policy'] as {
        manifest: { spec: ApiObject };
      };
      manifest.spec['ingress'] = [];
    },
    message: /inconsistent result after apply/,
  },
  {
    name: "the NetworkPolicy of Kiali's chart",
    stack: 'observability',
    edit: (resources) => editKialiValues(resources, (deployment) => delete deployment['network_policy']),
    message:
      /NetworkPolicy "kiali" in namespace "kiali" exists and cannot be imported|Unable to continue with (install|update)/,
  },
  {
    name: "Kiali's pod without a seccomp profile",
    stack: 'observability',
    edit: (resources) => editKialiValues(resources, (deployment) => delete deployment['security_context']),
    message: /context deadline exceeded|timed out/,
  },
  {
    name: 'an alert rule with a hyphen',
    stack: 'mesh-policies',
    edit: (resources) => {
      const alert = Object.values(resources['google_monitoring_alert_policy'] ?? {}).find((policy) =>
        JSON.stringify(policy).includes('alert_rule'),
      );
      const [condition] = alert?.['conditions'] as [{ condition_prometheus_query_language: ApiObject }];
      condition.condition_prometheus_query_language['alert_rule'] = 'availability-page';
    },
    message: /is not a Prometheus label name/,
  },
];

function only(resources: Resources, type: string): ResourceJson {
  return Object.values(resources[type] ?? {})[0] ?? {};
}

function editKialiValues(resources: Resources, change: (deployment: ApiObject) => void): void {
  const release = only(resources, 'helm_release');
  const [text] = release['values'] as [string];
  const values = JSON.parse(text) as { deployment: ApiObject };
  change(values.deployment);
  release['values'] = [JSON.stringify(values)];
  release['timeout'] = RELEASE_TIMEOUT_SECONDS;
}

function setBucketState(world: CloudState, lifecycleState: string): void {
  const name = `projects/${world.projectId}/locations/${world.region}/buckets/shop-evidence`;
  world.put('logging', name, { name, retentionDays: 400, ...world.get('logging', name), lifecycleState });
}
