/** Times of a graceful shutdown that loses no request. */
export interface ShutdownPlan {
  /** The app keeps serving until every proxy has removed the endpoint. */
  readonly preStopSeconds: number;
  /** The proxy drains until the app has sent its last response. */
  readonly proxyDrainSeconds: number;
  /** After this time the kubelet kills the remaining containers. */
  readonly gracePeriodSeconds: number;
}

/** Upper bound for the removal of an endpoint to reach every proxy; see docs/verify-on-cloud.md. */
const PROPAGATION_SECONDS = 15;
const KILL_MARGIN_SECONDS = 5;

/** @param longestRequestMs timeout of a request that may start just before the endpoint is removed */
export function shutdownPlan(longestRequestMs: number): ShutdownPlan {
  const longestRequestSeconds = Math.ceil(longestRequestMs / 1_000);
  const proxyDrainSeconds = PROPAGATION_SECONDS + longestRequestSeconds;
  return {
    preStopSeconds: PROPAGATION_SECONDS,
    proxyDrainSeconds,
    gracePeriodSeconds: proxyDrainSeconds + KILL_MARGIN_SECONDS,
  };
}
