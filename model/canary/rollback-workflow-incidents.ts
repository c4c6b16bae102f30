/** Incidents that are open: what a notice that was lost would have told. */
import { httpCall, WORKFLOW_SETTINGS, type Subworkflow } from './rollback-workflow-steps';

/**
 * Makes the ceilings of every open incident of a canary, as its notice does. By now most of them are there.
 *
 * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alerts
 */
export const RECALL_INCIDENTS: Subworkflow = {
  params: ['cluster'],
  steps: [
    { begin: { assign: [{ page: '' }, { none: [] }] } },
    {
      list_alerts: httpCall(
        'http.get',
        {
          url: `\${sys.get_env("${WORKFLOW_SETTINGS.incidents}")}`,
          query: { filter: 'state = "OPEN"', pageSize: 100, pageToken: '${page}' },
        },
        'answer',
      ),
    },
    {
      // Lists and tokens that are empty are left out of the answer.
      read: {
        assign: [
          { alerts: '${default(map.get(answer.body, "alerts"), none)}' },
          { page: '${default(map.get(answer.body, "nextPageToken"), "")}' },
        ],
      },
    },
    {
      each_alert: {
        for: {
          value: 'alert',
          in: '${alerts}',
          steps: [
            {
              // One that cannot be read or recorded does not keep the others waiting.
              one_alert: {
                try: { call: 'recall_incident', args: { cluster: '${cluster}', alert: '${alert}' } },
                except: {
                  as: 'e',
                  steps: [{ log_incident: { call: 'sys.log', args: { data: '${e}', severity: 'ERROR' } } }],
                },
              },
            },
          ],
        },
      },
    },
    { is_more: { switch: [{ condition: '${page != ""}', next: 'list_alerts' }] } },
  ],
};

/** What an incident is made of. */
const READABLE = [
  '"name" in alert',
  '"service" in alert.policy.userLabels',
  '"namespace" in alert.policy.userLabels',
  'text.match_regex(default(map.get(alert, "openTime"), ""), "^[0-9-]+T[0-9:.]+Z$")',
];

/** An alert as the API lists it, told as its notice tells it. */
export const RECALL_INCIDENT: Subworkflow = {
  params: ['cluster', 'alert'],
  steps: [
    {
      // A policy without these labels is somebody else's.
      is_foreign: {
        switch: [
          {
            condition:
              '${not ("policy" in alert) or not ("userLabels" in alert.policy) or not ("action" in alert.policy.userLabels)}',
            return: 'not an alert of a canary',
          },
        ],
      },
    },
    {
      is_unreadable: {
        switch: [
          {
            condition: `\${not (${READABLE.join(' and ')})}`,
            raise: '${"no incident can be read from " + json.encode_to_string(alert)}',
          },
        ],
      },
    },
    { parts: { assign: [{ parts: '${text.split(alert.name, "/")}' }] } },
    {
      as_told: {
        assign: [
          {
            incident: {
              incident_id: '${parts[len(parts) - 1]}',
              state: 'open',
              started_at: '${time.parse(alert.openTime)}',
              policy_user_labels: '${alert.policy.userLabels}',
            },
          },
        ],
      },
    },
    { record: { call: 'create_ceilings', args: { cluster: '${cluster}', incident: '${incident}' } } },
  ],
};
