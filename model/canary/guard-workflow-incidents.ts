/** Incidents that are open: what a notice that was lost would have told. */
import { asked, GUARD_SETTINGS, type Subworkflow } from './guard-workflow-steps';

/**
 * Makes the ceilings of every open incident of a canary, as its notice does. By now most of them are there.
 *
 * @see https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alerts
 */
export const RECALL_INCIDENTS: Subworkflow = {
  params: ['cluster'],
  steps: [
    {
      list_alerts: asked(
        'http.get',
        {
          url: `\${sys.get_env("${GUARD_SETTINGS.incidents}")}`,
          query: { filter: 'state = "OPEN"', pageSize: 1_000 },
        },
        'answer',
      ),
    },
    {
      // A list without elements is left out of the answer.
      read: { assign: [{ none: [] }, { alerts: '${default(map.get(answer.body, "alerts"), none)}' }] },
    },
    {
      each_alert: {
        for: {
          value: 'alert',
          in: '${alerts}',
          steps: [
            {
              // A policy without these labels is somebody else's.
              is_foreign: {
                switch: [
                  {
                    condition:
                      '${not ("userLabels" in alert.policy) or not ("action" in alert.policy.userLabels)}',
                    next: 'continue',
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
            {
              // One that cannot be recorded does not keep the others waiting.
              record: {
                try: { call: 'create_ceilings', args: { cluster: '${cluster}', incident: '${incident}' } },
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
  ],
};
