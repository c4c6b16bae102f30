/**
 * Renames Envoy's statistics to the metrics of the mesh. Google's proxies write `istio_io:service_client_…` themselves.
 * Envoy counts the same requests for each cluster, which is a Service, with status and latency. Its latencies include
 * failed requests.
 */
import { METRICS } from '../../model/queries';

const CLUSTER = 'outbound\\|\\d+\\|\\|([^.]+)\\.([^.]+)\\..*';

/** For `metric_relabel_configs`; every other metric is dropped. */
export const MESH_METRICS: readonly object[] = [
  rename('envoy_cluster_upstream_rq', METRICS.clientRequests),
  rename('envoy_cluster_upstream_rq_time_bucket', METRICS.clientLatencyBuckets),
  { source_labels: ['__name__'], regex: 'istio_io:.*', action: 'keep' },
  // Envoy counts the same requests again by class of status.
  { source_labels: ['response_code_class'], regex: '.+', action: 'drop' },
  { source_labels: ['cluster_name'], regex: CLUSTER, action: 'keep' },
  label('cluster_name', CLUSTER, 'destination_service_name', '$1'),
  label('cluster_name', CLUSTER, 'destination_service_namespace', '$2'),
  label('__name__', '.*', 'monitored_resource', 'istio_canonical_service'),
];

function rename(from: string, to: string): object {
  return label('__name__', from, '__name__', to);
}

function label(source: string, regex: string, target: string, replacement: string): object {
  return { source_labels: [source], regex, target_label: target, replacement };
}
