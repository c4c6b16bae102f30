/**
 * What the guard does, as the Workflows program that Terraform deploys. It is called with an incident of Cloud
 * Monitoring, or every minute, when it asks for those that are open; both ways end in the same reconciliation, so
 * a call that is lost, repeated, late or cut short changes nothing that the next one does not put right.
 *
 * @see https://cloud.google.com/workflows/docs/reference/syntax
 */
import { stringify } from 'yaml';
import { CREATE_WEIGHT_CAP, CREATE_WEIGHT_CAPS } from './rollback-workflow-create';
import { HOLD, HOLD_ROUTE, NOTIFY_PIPELINE } from './rollback-workflow-hold';
import { RECALL_INCIDENT, RECALL_INCIDENTS } from './rollback-workflow-incidents';
import { LOWER_ROUTE } from './rollback-workflow-lower';
import { WORKFLOW_SETTINGS, type Subworkflow } from './rollback-workflow-steps';
import { SPLIT_LABEL } from './split';

/** User labels of an alert policy by which the guard knows what to do. */
export const ROLLBACK_ALERT_LABELS = {
  service: 'service',
  namespace: 'namespace',
  /** `rollback` or `pause`. */
  action: 'action',
} as const;

const MAIN: Subworkflow = {
  params: ['event'],
  steps: [
    {
      settings: {
        assign: [
          { cluster: `\${sys.get_env("${WORKFLOW_SETTINGS.cluster}")}` },
          { namespaces: `\${text.split(sys.get_env("${WORKFLOW_SETTINGS.namespaces}"), ",")}` },
          { selector: SPLIT_LABEL },
          { said: 'nothing was reported' },
          { failures: [] },
        ],
      },
    },
    {
      which_call: {
        switch: [{ condition: '${"data" in event}', next: 'read_incident' }],
      },
    },
    {
      // What is on record is held all the same.
      recall: {
        try: { call: 'recall_incidents', args: { cluster: '${cluster}' } },
        except: {
          as: 'e',
          steps: [{ log_recall: { call: 'sys.log', args: { data: '${e}', severity: 'ERROR' } } }],
        },
      },
    },
    { recalled: { next: 'every_namespace' } },
    {
      read_incident: {
        assign: [{ notice: '${json.decode(base64.decode(event.data.message.data))}' }],
      },
    },
    {
      // A policy without these labels is somebody else's.
      is_ours: {
        switch: [
          {
            condition:
              '${"policy_user_labels" in notice.incident and "action" in notice.incident.policy_user_labels}',
            next: 'record',
          },
        ],
        next: 'not_ours',
      },
    },
    { not_ours: { return: 'ignored: not an alert of a canary' } },
    {
      record: {
        call: 'create_ceilings',
        args: { cluster: '${cluster}', incident: '${notice.incident}' },
        result: 'said',
      },
    },
    {
      only_this_service: {
        assign: [
          { labels: '${notice.incident.policy_user_labels}' },
          { namespaces: ['${labels.namespace}'] },
          { selector: `\${"${SPLIT_LABEL}=" + labels.service}` },
        ],
      },
    },
    {
      every_namespace: {
        for: {
          value: 'namespace',
          in: '${namespaces}',
          steps: [
            {
              // One namespace that cannot be reached does not keep the others waiting.
              one_namespace: {
                try: {
                  call: 'hold',
                  args: { cluster: '${cluster}', namespace: '${namespace}', selector: '${selector}' },
                  result: 'held',
                },
                except: {
                  as: 'e',
                  steps: [
                    { note_namespace: { assign: [{ failures: '${list.concat(failures, namespace)}' }] } },
                    { log_namespace: { call: 'sys.log', args: { data: '${e}', severity: 'ERROR' } } },
                  ],
                },
              },
            },
          ],
        },
      },
    },
    { all_well: { switch: [{ condition: '${len(failures) == 0}', return: '${said}' }] } },
    { not_well: { raise: '${"could not hold the canaries of " + json.encode_to_string(failures)}' } },
  ],
};

/** Whether the next try may go better. */
const WORTH_REPEATING: Subworkflow = {
  params: ['e'],
  steps: [
    {
      answered: {
        switch: [{ condition: '${"code" in e}', return: '${e.code == 429 or e.code >= 500}' }],
      },
    },
    { unanswered: { return: true } },
  ],
};

export function renderRollbackWorkflow(): string {
  const program = {
    main: MAIN,
    create_ceilings: CREATE_WEIGHT_CAPS,
    create_ceiling: CREATE_WEIGHT_CAP,
    recall_incidents: RECALL_INCIDENTS,
    recall_incident: RECALL_INCIDENT,
    hold: HOLD,
    hold_route: HOLD_ROUTE,
    lower_route: LOWER_ROUTE,
    tell_pipeline: NOTIFY_PIPELINE,
    worth_repeating: WORTH_REPEATING,
  };
  return stringify(program, { lineWidth: 0, aliasDuplicateObjects: false });
}
