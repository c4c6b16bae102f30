import { Construct } from 'constructs';
import { KubernetesObject } from '../kubernetes-object';

/** Enough for Kiali's graph and for looking into one proxy; the rest would be paid for and never read. */
const KEPT_METRICS = 'istio_.*|envoy_cluster_upstream_(cx|rq)_.*|envoy_server_(memory_.*|live|uptime)';

/** Short enough for a graph, long enough to halve the bill of the usual 30 s. */
const SCRAPE_INTERVAL_SECONDS = 60;

/**
 * Managed Prometheus collects the proxies' own metrics, beside those that the mesh sends to Cloud Monitoring.
 *
 * @see https://cloud.google.com/stackdriver/docs/managed-prometheus/setup-managed
 */
export class ProxyMetrics extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new KubernetesObject(this, 'Default', {
      apiVersion: 'monitoring.googleapis.com/v1',
      kind: 'ClusterPodMonitoring',
      metadata: { name: 'mesh-proxies' },
      spec: {
        // Every injected pod, gateways included, carries the label.
        selector: {
          matchExpressions: [{ key: 'service.istio.io/canonical-name', operator: 'Exists' }],
        },
        endpoints: [
          {
            port: 15_090,
            path: '/stats/prometheus',
            interval: `${SCRAPE_INTERVAL_SECONDS}s`,
            metricRelabeling: [{ action: 'keep', sourceLabels: ['__name__'], regex: KEPT_METRICS }],
          },
        ],
      },
    });
  }
}
