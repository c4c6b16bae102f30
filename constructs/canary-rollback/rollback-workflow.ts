import { readFileSync } from 'node:fs';
import {
  PIPELINE_MESSAGE_ATTRIBUTE,
  ROLLBACK_ALERT_LABELS,
  WORKFLOW_SETTINGS,
} from '../../model/canary/rollback-workflow';
import {
  ACKNOWLEDGED_ANNOTATION,
  SPLIT_ANNOTATIONS,
  SPLIT_LABEL,
  splitLabelOf,
} from '../../model/canary/split';
import {
  LABEL_CHARACTERS,
  RECEIPT_PREFIX,
  RELEASE_CHARACTERS,
  WEIGHT_CAP_FIELDS,
  WEIGHT_CAP_LABELS,
  WEIGHT_CAP_NAMESPACE,
  WEIGHT_CAP_PREFIX,
  type WeightCapAction,
} from '../../model/canary/weight-cap';
import { INGRESS_GATEWAY, ROLLBACK_CONTROLLER } from '../../model/naming';
import { fillPlaceholders } from './workflow-template';

/** Relative to the folder of cdktf.json, from which every synth runs. */
const TEMPLATE = 'constructs/canary-rollback/rollback-workflow.yaml';

const PAUSE: WeightCapAction = 'pause';

const VALUES = {
  CLUSTER_URL: WORKFLOW_SETTINGS.cluster,
  NAMESPACES: WORKFLOW_SETTINGS.namespaces,
  INCIDENTS_URL: WORKFLOW_SETTINGS.incidents,
  PIPELINE_URL: WORKFLOW_SETTINGS.pipeline,

  ALERT_SERVICE: ROLLBACK_ALERT_LABELS.service,
  ALERT_NAMESPACE: ROLLBACK_ALERT_LABELS.namespace,
  ALERT_ACTION: ROLLBACK_ALERT_LABELS.action,
  PAUSE,

  SPLIT_LABEL,
  SERVICE_SPLIT_LABEL: splitLabelOf(''),
  PUBLIC_NAMESPACE: INGRESS_GATEWAY.namespace,
  HOST_ANNOTATION: SPLIT_ANNOTATIONS.host,
  RELEASE_ANNOTATION: SPLIT_ANNOTATIONS.release,
  STARTED_ANNOTATION: SPLIT_ANNOTATIONS.startedSeconds,
  ACKNOWLEDGED_ANNOTATION,

  WEIGHT_CAP_NAMESPACE,
  WEIGHT_CAP_PREFIX,
  RECEIPT_PREFIX,
  NAME_RELEASE_LENGTH: RELEASE_CHARACTERS,
  LABEL_LENGTH: LABEL_CHARACTERS,
  WEIGHT_CAP_LABEL: WEIGHT_CAP_LABELS.weightCap,
  RECEIPT_LABEL: WEIGHT_CAP_LABELS.receipt,
  SERVICE_LABEL: WEIGHT_CAP_LABELS.service,
  RELEASE_LABEL: WEIGHT_CAP_LABELS.release,
  FIELD_SERVICE: WEIGHT_CAP_FIELDS.service,
  FIELD_HOST: WEIGHT_CAP_FIELDS.host,
  FIELD_RELEASE: WEIGHT_CAP_FIELDS.release,
  FIELD_MAXIMUM_WEIGHT: WEIGHT_CAP_FIELDS.maximumWeightPercent,
  FIELD_ACTION: WEIGHT_CAP_FIELDS.action,
  FIELD_INCIDENT: WEIGHT_CAP_FIELDS.incident,
  FIELD_TIME: WEIGHT_CAP_FIELDS.time,

  FIELD_MANAGER: ROLLBACK_CONTROLLER,
  MESSAGE_ATTRIBUTE: PIPELINE_MESSAGE_ATTRIBUTE,
};

/**
 * The rollback workflow as Google Cloud gets it, in YAML with comments.
 *
 * @throws Error if the template and the names of the model do not match
 * @see https://cloud.google.com/workflows/docs/reference/syntax
 */
export function renderRollbackWorkflow(): string {
  return fillPlaceholders(TEMPLATE, readFileSync(TEMPLATE, 'utf8'), VALUES);
}
