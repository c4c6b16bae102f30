/**
 * What callers saw of one version: sidecars and the gateway alike. A version without endpoints writes no metric
 * of its own, but its callers do.
 */
import { METRICS } from '../queries';
import type { Service, Version } from '../service';

/** The version's own host, since it is known even when no endpoint answered. */
export function versionSelectors({ namespace }: Pick<Service, 'namespace'>, version: Version): string[] {
  return [
    'monitored_resource="istio_canonical_service"',
    `destination_service_namespace="${namespace}"`,
    `destination_service_name="${version.workload}"`,
  ];
}

/** Time over which something is counted. */
export interface Span {
  /** `increase` of a metric over the span, summed by the labels; empty where there is no sample. */
  count(metric: string, selectors: readonly string[], by?: 'le'): string;
}

/** The last minutes. */
export function lastMinutes(minutes: number): Span {
  return {
    count: (metric, selectors, by) => sum(`increase(${metric}{${selectors.join(',')}}[${minutes}m])`, by),
  };
}

/**
 * Since an instant, but no longer than `longestMinutes`. A range in PromQL has a fixed length, so the time is
 * paved with tiles and only those that begin after the instant are added up. Tiles lie at whole multiples of
 * their length, wherever the query is evaluated: none is counted twice, and what becomes visible late is
 * counted at the next evaluation.
 */
export function sinceInstant(instantSeconds: number, longestMinutes: number): Span {
  const tileMinutes = Math.ceil(longestMinutes / MOST_TILES);
  const firstTileEnds = Math.ceil(instantSeconds + tileMinutes * 60);
  return {
    count: (metric, selectors, by) => {
      const tile = sum(`increase(${metric}{${selectors.join(',')}}[${tileMinutes}m])`, by);
      const after = `${tile} and on() (vector(time()) >= ${firstTileEnds})`;
      return `sum_over_time((${after})[${longestMinutes}m:${tileMinutes}m])`;
    },
  };
}

/** A tile a minute for four hours; longer times take longer tiles. */
const MOST_TILES = 240;

/** Requests and failures of one version over a span; a version without failures has 0 of them. */
export function failureCounts(span: Span, selectors: readonly string[]): { all: string; bad: string } {
  const orNone = (query: string) => `(${query} or vector(0))`;
  return {
    all: orNone(span.count(METRICS.clientRequests, selectors)),
    bad: orNone(span.count(METRICS.clientRequests, [...selectors, 'response_code=~"5.."'])),
  };
}

/** Distribution of a version's answer times over a span. */
export function latencyBuckets(span: Span, selectors: readonly string[]): string {
  return span.count(METRICS.clientLatencyBuckets, selectors, 'le');
}

function sum(vector: string, by?: 'le'): string {
  return by === undefined ? `sum(${vector})` : `sum by (${by}) (${vector})`;
}
