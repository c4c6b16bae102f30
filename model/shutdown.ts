/** How long a pod takes to leave without losing a request. */
export interface ShutdownPlan {
  /** The app keeps serving while the mesh learns that the endpoint is gone. */
  readonly preStopSeconds: number;
  /** The proxy outlives the app's last answer. */
  readonly proxyDrainSeconds: number;
  /** The kubelet kills what is left after this time. */
  readonly gracePeriodSeconds: number;
}

/** Endpoint removal reaches every proxy well within this time; see docs/verify-on-cloud.md. */
const PROPAGATION_SECONDS = 15;
const KILL_MARGIN_SECONDS = 5;

/** The longest request that began just before the endpoint left must still be answered. */
export function shutdownPlan(longestRequestMs: number): ShutdownPlan {
  const longestRequestSeconds = Math.ceil(longestRequestMs / 1_000);
  const proxyDrainSeconds = PROPAGATION_SECONDS + longestRequestSeconds;
  return {
    preStopSeconds: PROPAGATION_SECONDS,
    proxyDrainSeconds,
    gracePeriodSeconds: proxyDrainSeconds + KILL_MARGIN_SECONDS,
  };
}
