/** Namespaces, people's rights, access logs, traces and metrics. */
import type { Environment } from '../../model/environment';
import { Inspection } from './inspection';
import { findObject, meshNamespaces } from './inventory';
import { ofKind, type Judge } from './subject';

export const platformJudge: Judge = {
  name: 'platform',
  kinds: ['Namespace', 'Telemetry', 'ClusterPodMonitoring'],
  judge: (subject) => {
    const findings: string[] = [];
    const { environment } = subject;
    for (const object of ofKind(subject, 'Namespace')) {
      const inspection = Inspection.of(object, findings);
      inspection.neutral('kind');
      inspectNamespace(inspection, object.metadata.name, environment);
      inspection.close();
    }
    const telemetry = findObject(subject, 'Telemetry', 'istio-system', 'mesh-default');
    if (telemetry) {
      const inspection = Inspection.of(telemetry, findings);
      inspection.neutral('kind');
      const providers = [{ name: 'stackdriver' }];
      // Every request is logged: PCI DSS 10.2.1.
      inspection.is('spec', {
        accessLogging: [{ providers }],
        tracing: [{ providers, randomSamplingPercentage: environment.traces.samplingPercent }],
      });
      inspection.close();
    }
    const monitoring = findObject(subject, 'ClusterPodMonitoring', undefined, 'mesh-proxies');
    if (monitoring) {
      const inspection = Inspection.of(monitoring, findings);
      inspection.neutral('kind');
      inspectMonitoring(inspection.child('spec'));
      inspection.close();
    }
    return findings;
  },
};

function inspectNamespace(object: Inspection, name: string, environment: Environment): void {
  const inMesh = meshNamespaces(environment).includes(name);
  const domain = environment.domains.find(({ namespace }) => namespace === name);
  const isGateway = name === 'ingress-gateway' || name === 'egress-gateway';
  const metadata = object.child('metadata');
  metadata.is('labels', {
    'istio-injection': inMesh ? 'enabled' : 'disabled',
    ...Object.fromEntries(
      ['enforce', 'warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
    ),
    ...(domain && { 'retail-mesh/domain': domain.name }),
    ...(isGateway && { 'retail-mesh/owner': environment.mesh.pageOwner }),
    // An admission policy protects the namespace of the weight caps.
    ...(name === 'canary-rollback' && { 'retail-mesh/weight-cap': 'true' }),
  });
  // Google updates the proxies.
  metadata.is('annotations', inMesh ? { 'mesh.cloud.google.com/proxy': '{"managed":"true"}' } : undefined);
}

/** Metrics that the graph and the runbooks read. */
const NEEDED_METRICS = [
  'istio_requests_total',
  'istio_request_duration_milliseconds_bucket',
  'envoy_cluster_upstream_rq_retry',
  'envoy_cluster_upstream_cx_overflow',
  'envoy_server_memory_allocated',
  'envoy_server_live',
  'envoy_server_uptime',
];
/** Each would be billed for every proxy and cluster. */
const UNUSED_METRICS = [
  'envoy_cluster_membership_total',
  'envoy_listener_downstream_cx_total',
  'go_goroutines',
];

function inspectMonitoring(spec: Inspection): void {
  // Every pod with a proxy, and no other.
  spec.is('selector', {
    matchExpressions: [{ key: 'service.istio.io/canonical-name', operator: 'Exists' }],
  });
  const [endpoint] = spec.exactly('endpoints', 1);
  if (endpoint === undefined) return;
  endpoint.is('port', 15_090);
  endpoint.is('path', '/stats/prometheus');
  const seconds = Number(/^(\d+)s$/.exec(endpoint.text('interval'))?.[1]);
  if (!(seconds >= 30 && seconds <= 120)) endpoint.finding(`interval is ${seconds} s`);
  const [keep] = endpoint.exactly('metricRelabeling', 1);
  keep?.is('action', 'keep');
  keep?.is('sourceLabels', ['__name__']);
  const pattern = new RegExp(`^(?:${keep?.text('regex')})$`);
  for (const metric of NEEDED_METRICS) if (!pattern.test(metric)) keep?.finding(`${metric} is lost`);
  for (const metric of UNUSED_METRICS) if (pattern.test(metric)) keep?.finding(`${metric} is kept`);
}
