/** PromQL for the mesh's metrics in Cloud Monitoring. */

/**
 * Names as Google maps them to PromQL, such as `istio.io/service/server/request_count`.
 *
 * @see https://cloud.google.com/monitoring/promql/promql-mapping
 */
export const METRICS = {
  serverRequests: 'istio_io:service_server_request_count',
  serverLatencyBuckets: 'istio_io:service_server_response_latencies_bucket',
  clientRequests: 'istio_io:service_client_request_count',
  clientLatencyBuckets: 'istio_io:service_client_roundtrip_latencies_bucket',
} as const;

/** Istio canonical service: all versions of one service. */
export interface CanonicalService {
  readonly name: string;
  readonly namespace: string;
}

export function rate(metric: string, labels: readonly string[], minutes: number): string {
  return `rate(${metric}{${labels.join(',')}}[${promDuration(minutes)}])`;
}

export function selectors({ name, namespace }: CanonicalService): string[] {
  return [
    'monitored_resource="istio_canonical_service"',
    `destination_canonical_service_namespace="${namespace}"`,
    `destination_canonical_service_name="${name}"`,
  ];
}

export function promDuration(minutes: number): string {
  if (minutes % 1_440 === 0) return `${minutes / 1_440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
