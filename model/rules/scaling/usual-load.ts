import type { Service } from '../../service';

/** Room above the usual load that is asked of breakers and of pods. */
export const HEADROOM = 2;

/** Requests in flight at the declared rate, when each takes as long as promised. */
export function usualRequestsInFlight({ slos }: Service): number {
  return slos.expectedRequestsPerSecond * (slos.latency.thresholdMs / 1_000);
}
