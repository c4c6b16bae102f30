/**
 * Names that the rollback workflow shares with the resources around it. The workflow is
 * `constructs/canary-rollback/rollback-workflow.yaml`, which takes each of them through a placeholder.
 */

/** Environment variables of the workflow. */
export const WORKFLOW_SETTINGS = {
  /** URL that the paths of the Kubernetes API start from. */
  cluster: 'CLUSTER_URL',
  /** Namespaces whose services may have canaries, separated by commas. */
  namespaces: 'NAMESPACES',
  /** URL of Cloud Monitoring's list of alerts. */
  incidents: 'INCIDENTS_URL',
  /** URL to post a message to that starts the pipeline; empty if no pipeline listens. */
  pipeline: 'PIPELINE_URL',
} as const;

/** User labels of an alert policy from which the workflow reads what to do. */
export const ROLLBACK_ALERT_LABELS = {
  service: 'service',
  namespace: 'namespace',
  /** `rollback` or `pause`. */
  action: 'action',
} as const;

/** Attribute of the message that starts the pipeline: the name of the weight cap. */
export const PIPELINE_MESSAGE_ATTRIBUTE = 'weightCap';
