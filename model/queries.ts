/** Queries on the mesh's metrics, as Cloud Monitoring's PromQL takes them. */
import type { BurnAlert } from './burn-rate';

/**
 * Names after Google's mapping of `istio.io/service/server/request_count`.
 *
 * @see https://cloud.google.com/monitoring/promql/promql-mapping
 */
export const METRICS = {
  serverRequests: 'istio_io:service_server_request_count',
  serverLatencyBuckets: 'istio_io:service_server_response_latencies_bucket',
  clientRequests: 'istio_io:service_client_request_count',
  clientLatencyBuckets: 'istio_io:service_client_roundtrip_latencies_bucket',
} as const;

/** A canonical service: all versions of one service. */
export interface Target {
  readonly name: string;
  readonly namespace: string;
}

/** Fires while more than the alert's share of requests were answered 5xx, in both windows. */
export function availabilityBurnQuery(target: Target, alert: BurnAlert): string {
  const inWindow = (minutes: number) => {
    const bad = rate(METRICS.serverRequests, [...selectors(target), 'response_code=~"5.."'], minutes);
    const all = rate(METRICS.serverRequests, selectors(target), minutes);
    return `sum(${bad}) / sum(${all}) > ${alert.badRatio}`;
  };
  return bothWindows(alert, inWindow);
}

/**
 * Fires while more than the alert's share of requests took longer than the threshold, in both windows.
 *
 * "More than r of the requests are slower than t" is "the (1 - r) quantile is above t". Asked this way the
 * threshold need not be a bucket boundary of the histogram, which Google chooses.
 */
export function latencyBurnQuery(target: Target, thresholdMs: number, alert: BurnAlert): string {
  const quantile = Number((1 - alert.badRatio).toPrecision(6));
  const inWindow = (minutes: number) =>
    `histogram_quantile(${quantile}, sum by (le) (${rate(METRICS.serverLatencyBuckets, selectors(target), minutes)})) > ${thresholdMs}`;
  return bothWindows(alert, inWindow);
}

function bothWindows(alert: BurnAlert, inWindow: (minutes: number) => string): string {
  return `(${inWindow(alert.longMinutes)})\nand\n(${inWindow(alert.shortMinutes)})`;
}

export function rate(metric: string, labels: readonly string[], minutes: number): string {
  return `rate(${metric}{${labels.join(',')}}[${promDuration(minutes)}])`;
}

export function selectors({ name, namespace }: Target): string[] {
  return [
    'monitored_resource="istio_canonical_service"',
    `destination_canonical_service_namespace="${namespace}"`,
    `destination_canonical_service_name="${name}"`,
  ];
}

function promDuration(minutes: number): string {
  if (minutes % 1_440 === 0) return `${minutes / 1_440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}
