import { Construct } from 'constructs';
import { KubernetesObject } from '../kubernetes-object';

/** Metrics for Kiali's graph and for debugging a proxy. Others would be billed and never used. */
const METRICS_PATTERN = 'istio_.*|envoy_cluster_upstream_(cx|rq)_.*|envoy_server_(memory_.*|live|uptime)';

/** Twice the usual 30 s: half of the cost, and sufficient for the graph. */
const SCRAPE_INTERVAL_SECONDS = 60;

/**
 * Lets Managed Prometheus scrape the proxies' metrics, in addition to those that the mesh sends to Cloud Monitoring.
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
        // Every injected pod has this label, gateways included.
        selector: {
          matchExpressions: [{ key: 'service.istio.io/canonical-name', operator: 'Exists' }],
        },
        endpoints: [
          {
            port: 15_090,
            path: '/stats/prometheus',
            interval: `${SCRAPE_INTERVAL_SECONDS}s`,
            metricRelabeling: [{ action: 'keep', sourceLabels: ['__name__'], regex: METRICS_PATTERN }],
          },
        ],
      },
    });
  }
}
