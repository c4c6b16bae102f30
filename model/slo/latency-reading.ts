/** How the histogram of the mesh's latencies is read at the threshold of an SLO. */

/**
 * Upper boundaries of the buckets in ms: powers of two up to about 9 min. A histogram has no count at any other
 * latency. The source is Istio's exporter to Cloud Monitoring; whether Google's managed proxies use the same boundaries
 * is a row in docs/verify-on-cloud.md.
 *
 * @see https://github.com/istio/proxy/blob/release-1.18/extensions/stackdriver/metric/registry.cc
 */
export const LATENCY_BOUNDARIES_MS: readonly number[] = Array.from({ length: 20 }, (_, power) => 2 ** power);

/**
 * A response between two boundaries may be on either side of a threshold there. It counts as slow, so that an SLO is
 * never reported as met while it is missed.
 *
 * @see docs/decisions/0045-latency-counts-from-the-boundary-below.md
 */
export interface LatencyReading {
  /** Largest boundary up to the threshold. Longer responses count as slow. */
  readonly countedFromMs: number;
  /** Smallest boundary from the threshold on. Longer responses are slow for certain. Absent above the last boundary. */
  readonly certainFromMs?: number;
  /** By how much the SLO is measured stricter than it is stated, as a share of the threshold; 0 at a boundary. */
  readonly error: number;
}

/** An SLO may be measured stricter than it is stated by so much of its threshold: 300 ms at 256 ms is 0.147. */
export const MOST_READING_ERROR = 0.2;

/** @param thresholdMs at least the first boundary, 1 */
export function latencyReading(thresholdMs: number): LatencyReading {
  const countedFromMs = LATENCY_BOUNDARIES_MS.filter((boundary) => boundary <= thresholdMs).at(-1) ?? 0;
  const certainFromMs = LATENCY_BOUNDARIES_MS.find((boundary) => boundary >= thresholdMs);
  return {
    countedFromMs,
    ...(certainFromMs !== undefined && { certainFromMs }),
    error: (thresholdMs - countedFromMs) / thresholdMs,
  };
}

/** For people, without a final stop; undefined at a boundary, where nothing is misread. */
export function describeReading(thresholdMs: number): string | undefined {
  const { countedFromMs, certainFromMs, error } = latencyReading(thresholdMs);
  if (error === 0) return undefined;
  const certain = certainFromMs === undefined ? '' : `; over ${certainFromMs} ms they are slow for certain`;
  return `responses of ${countedFromMs} to ${thresholdMs} ms count as slow, because the latency histogram has no boundary at ${thresholdMs} ms${certain}`;
}

export interface SlowShares {
  /** Upper bound of the share of slow responses: what SLOs and alerts use. */
  readonly counted: number;
  /** Lower bound. */
  readonly certain: number;
}

/**
 * Bounds of the share of slow responses. Interpolation between boundaries has no bound: the responses of a bucket may
 * all be at one end of it.
 *
 * @param buckets responses up to each boundary, with the key `+Inf` for all; any boundaries
 */
export function slowShares(buckets: ReadonlyMap<string, number>, thresholdMs: number): SlowShares {
  const bounds = [...buckets].map(([le, count]) => ({ le: le === '+Inf' ? Infinity : Number(le), count }));
  bounds.sort((a, b) => a.le - b.le);
  const all = bounds.at(-1)?.count ?? 0;
  if (all === 0) return { counted: 0, certain: 0 };
  const below = bounds.filter(({ le }) => le <= thresholdMs).at(-1)?.count ?? 0;
  const above = bounds.find(({ le }) => le >= thresholdMs)?.count ?? all;
  return { counted: (all - below) / all, certain: (all - above) / all };
}
