/** Settings of Kubernetes objects, by API group and kind. */
import type { WatchedField, WatchedType } from './watched';

const platform = (path: string, label: string): WatchedField => ({ path, label, topic: 'platform' });
const protects = (path: WatchedField['path'], label: string, order: readonly string[]): WatchedField => ({
  path,
  label,
  topic: 'protection',
  order,
});
const POD = 'spec.template.spec';

export const OBJECT_TYPES: Readonly<Record<string, WatchedType>> = {
  '/Namespace': {
    existence: { label: 'namespace', topic: 'platform' },
    fields: [
      {
        path: 'metadata.labels.istio-injection',
        label: 'proxy injection',
        topic: 'mtls',
        order: ['none', 'disabled', 'enabled'],
      },
      protects(['metadata', 'labels', 'pod-security.kubernetes.io/enforce'], 'Pod Security profile', [
        'none',
        'privileged',
        'baseline',
        'restricted',
      ]),
    ],
  },
  '/Service': {
    fields: [
      platform('spec.selector', 'pods behind the Service'),
      platform('spec.ports', 'ports of the Service'),
    ],
  },
  '/ServiceAccount': {
    fields: [
      protects('automountServiceAccountToken', 'token of the Kubernetes API withheld', [
        'true',
        'none',
        'false',
      ]),
    ],
  },
  'apps/Deployment': {
    fields: [
      { path: `${POD}.serviceAccountName`, label: 'service account of pods', topic: 'permission' },
      protects(`${POD}.securityContext.runAsNonRoot`, 'pods run as non-root', ['none', 'false', 'true']),
      protects(`${POD}.securityContext.seccompProfile.type`, 'seccomp profile', [
        'none',
        'Unconfined',
        'RuntimeDefault',
      ]),
      protects(`${POD}.containers.securityContext.allowPrivilegeEscalation`, 'privilege escalation refused', [
        'true',
        'none',
        'false',
      ]),
      protects(`${POD}.containers.securityContext.readOnlyRootFilesystem`, 'read-only file system', [
        'none',
        'false',
        'true',
      ]),
      {
        path: [
          'spec',
          'template',
          'metadata',
          'annotations',
          'traffic.sidecar.istio.io/excludeOutboundIPRanges',
        ],
        label: 'addresses that bypass the proxy',
        topic: 'connection',
        weaker: 'more',
      },
      protects(['spec', 'template', 'metadata', 'labels', 'sidecar.istio.io/inject'], 'proxy of pods', [
        'false',
        'none',
        'true',
      ]),
      protects(`${POD}.hostNetwork`, 'network of the node withheld', ['true', 'none', 'false']),
      {
        path: `${POD}.terminationGracePeriodSeconds`,
        // Follows from the timeouts.
        label: 'time to shut down in s',
        topic: 'platform',
      },
      platform(`${POD}.containers.env`, 'environment variables'),
      platform(`${POD}.volumes`, 'volumes'),
    ],
  },
  'policy/PodDisruptionBudget': {
    existence: { label: 'disruption budget', topic: 'capacity', isLoss: true },
    fields: [
      {
        path: 'spec.maxUnavailable',
        label: 'pods that maintenance may stop at once',
        topic: 'capacity',
        weaker: 'higher',
      },
    ],
  },
  'networking.istio.io/Sidecar': {
    existence: { label: 'egress scope', topic: 'connection', isLoss: true },
    fields: [
      {
        path: 'spec.outboundTrafficPolicy.mode',
        label: 'egress to unknown hosts',
        topic: 'connection',
        order: ['none', 'ALLOW_ANY', 'REGISTRY_ONLY'],
      },
      platform('spec.egress.hosts', 'visible hosts'),
    ],
  },
  'networking.istio.io/ServiceEntry': {
    existence: { label: 'external host', topic: 'connection' },
    fields: [
      { path: 'spec.hosts', label: 'external hosts', topic: 'connection', weaker: 'more' },
      platform('spec.ports', 'ports of the external host'),
      platform('spec.resolution', 'resolution of the external host'),
      platform('spec.endpoints', 'addresses of the external host'),
    ],
  },
  'networking.istio.io/Gateway': {
    fields: [platform('spec.selector', 'pods of the gateway')],
  },
  'telemetry.istio.io/Telemetry': {
    existence: { label: 'telemetry', topic: 'evidence', isLoss: true },
    fields: [
      { path: 'spec.accessLogging', label: 'access logs', topic: 'evidence', weaker: 'fewer' },
      platform('spec.tracing', 'tracing'),
    ],
  },
  'monitoring.googleapis.com/ClusterPodMonitoring': {
    existence: { label: 'metrics of proxies', topic: 'evidence', isLoss: true },
    fields: [platform('spec.endpoints', 'scraped endpoints')],
  },
  'gateway.networking.k8s.io/Gateway': {
    existence: { label: 'load balancer', topic: 'public-name' },
    fields: [
      {
        path: 'spec.listeners',
        label: 'listeners of the load balancer',
        topic: 'public-name',
        weaker: 'more',
      },
      platform('spec.addresses', 'address of the load balancer'),
      platform('spec.gatewayClassName', 'kind of load balancer'),
      {
        path: ['metadata', 'annotations', 'networking.gke.io/certmap'],
        label: 'certificates',
        topic: 'mtls',
        weaker: 'fewer',
      },
    ],
  },
  'gateway.networking.k8s.io/HTTPRoute': {
    existence: { label: 'route of the load balancer', topic: 'public-name' },
    fields: [
      { path: 'spec.hostnames', label: 'public names', topic: 'public-name', weaker: 'more' },
      platform('spec.rules', 'rules of the load balancer'),
    ],
  },
  'networking.gke.io/GCPBackendPolicy': {
    existence: { label: 'policy of the load balancer', topic: 'protection', isLoss: true },
    fields: [
      {
        path: 'spec.default.securityPolicy',
        label: 'Cloud Armor at the load balancer',
        topic: 'protection',
        weaker: 'fewer',
      },
      {
        path: 'spec.default.logging.enabled',
        label: 'logs of the load balancer',
        topic: 'evidence',
        order: ['none', 'false', 'true'],
      },
      {
        path: 'spec.default.timeoutSec',
        label: 'timeout of the load balancer in s',
        topic: 'timeout',
        weaker: 'higher',
      },
    ],
  },
  'networking.gke.io/GCPGatewayPolicy': {
    existence: { label: 'TLS policy of the load balancer', topic: 'mtls', isLoss: true },
    fields: [
      {
        path: 'spec.default.sslPolicy',
        label: 'TLS policy of the load balancer',
        topic: 'mtls',
        weaker: 'fewer',
      },
    ],
  },
  'networking.gke.io/HealthCheckPolicy': {
    existence: { label: 'health check of the load balancer', topic: 'capacity', isLoss: true },
    fields: [platform('spec.default.config', 'health check')],
  },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': {
    fields: [
      protects('spec.failurePolicy', 'admission policy on failure', ['none', 'Ignore', 'Fail']),
      {
        path: 'spec.validations',
        label: 'validations of the admission policy',
        topic: 'protection',
        weaker: 'fewer',
      },
      {
        path: 'spec.matchConditions',
        label: 'exceptions of the admission policy',
        topic: 'protection',
        weaker: 'more',
      },
      { ...platform('spec.matchConstraints', 'requests that the admission policy checks'), isLong: true },
    ],
  },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': {
    fields: [
      {
        path: 'spec.validationActions',
        label: 'effect of the admission policy',
        topic: 'protection',
        weaker: 'fewer',
      },
      platform('spec.policyName', 'bound admission policy'),
    ],
  },
  'secrets-store.csi.x-k8s.io/SecretProviderClass': {
    existence: { label: 'mounted secrets', topic: 'permission' },
    fields: [{ ...platform('spec.parameters.secrets', 'mounted secrets'), isLong: true }],
  },
};
