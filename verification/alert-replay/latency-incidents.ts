/** Latencies near the threshold of an SLO, where the histogram of the metric cannot tell slow responses from others. */
import { latencyReading } from '../../model/slo/latency-reading';
import { evenly, logNormal, mixed, type Latencies } from './latencies';

export interface LatencyCase {
  readonly name: string;
  readonly latencies: Latencies;
  /** True share of slow responses. */
  readonly slow: number;
  /** What an alert must count: the truth or more, and the truth at a boundary. */
  readonly counted: number;
}

/** The three distributions whose interpolated share is wrong, and two that differ from the truth by most requests. */
export function latencyCases(thresholdMs: number): LatencyCase[] {
  const { countedFromMs, certainFromMs = Infinity } = latencyReading(thresholdMs);
  const below = evenly(thresholdMs * 0.87, thresholdMs * 0.98);
  const next = certainFromMs > thresholdMs ? certainFromMs : 2 * thresholdMs;
  const above = evenly(thresholdMs + 0.1 * (next - thresholdMs), thresholdMs + 0.9 * (next - thresholdMs));
  const fast = evenly(1, thresholdMs / 4);
  const shapes: readonly (readonly [string, Latencies])[] = [
    ['9 % just below the threshold', mixed(0.09, below, fast)],
    ['60 % just below the threshold', mixed(0.6, below, fast)],
    ['log-normal, 2.1 % over the threshold', logNormal(0.4 * thresholdMs, 0.4505)],
    ['4.9 % just above the threshold', mixed(0.049, above, fast)],
    ['60 % just above the threshold', mixed(0.6, above, fast)],
  ];
  return shapes.map(([name, latencies]) => ({
    name,
    latencies,
    slow: 1 - latencies(thresholdMs),
    counted: 1 - latencies(countedFromMs),
  }));
}
