/** What takes time at Google. Each is off by default, so that a run is fast. */
export interface Switches {
  /**
   * How long Cloud Monitoring does not know a new log-based metric.
   *
   * @see https://github.com/hashicorp/terraform-provider-google/issues/11102 "up to 10 minutes"
   * @default 0
   */
  readonly logMetricDelayMs: number;
  /**
   * How long a service that was just enabled still refuses requests.
   *
   * @see https://cloud.google.com/service-usage/docs/enable-disable "wait a few minutes for the action to propagate"
   * @default 0
   */
  readonly serviceDelayMs: number;
  /**
   * How long a new IAM binding has no effect.
   *
   * @see https://cloud.google.com/iam/docs/access-change-propagation "typically within 2 minutes"
   * @default 0
   */
  readonly grantDelayMs: number;
  /**
   * How long other services do not know a new service account or service agent.
   *
   * @see https://cloud.google.com/iam/docs/service-accounts-create "can take 60 seconds or more"
   * @default 0
   */
  readonly accountDelayMs: number;
}

export const NO_DELAYS: Switches = {
  logMetricDelayMs: 0,
  serviceDelayMs: 0,
  grantDelayMs: 0,
  accountDelayMs: 0,
};
