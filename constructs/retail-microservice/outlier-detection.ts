import type { CircuitBreaker } from '../../model/circuit-breaker';
import { duration } from '../../model/quantity';

/** Ejects failing endpoints from load balancing. */
export function renderOutlierDetection({ outlierDetection }: Pick<CircuitBreaker, 'outlierDetection'>) {
  return {
    consecutive5xxErrors: outlierDetection.consecutive5xxErrors,
    interval: duration(outlierDetection.intervalSeconds * 1_000),
    baseEjectionTime: duration(outlierDetection.baseEjectionSeconds * 1_000),
    maxEjectionPercent: outlierDetection.maxEjectionPercent,
  };
}
