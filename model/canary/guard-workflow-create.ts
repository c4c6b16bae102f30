/** The ceiling that an incident makes. */
import { CEILING_LABELS, CEILING_NAMESPACE } from './ceiling';
import {
  annotation,
  asked,
  listing,
  RECORDS_URL,
  type Steps,
  type Subworkflow,
} from './guard-workflow-steps';
import { SPLIT_ANNOTATIONS, SPLIT_LABEL } from './split';

/** Incidents that are over, or older than the release, are not this release's. */
const WHETHER: Steps = [
  {
    is_open: {
      switch: [{ condition: '${incident.state != "open"}', return: 'ignored: the incident is closed' }],
    },
  },
  { whose: { assign: [{ labels: '${incident.policy_user_labels}' }, { weight: 100 }] } },
  listing(
    'routes',
    '${cluster + "/apis/networking.istio.io/v1beta1/namespaces/" + labels.namespace + "/virtualservices"}',
    `\${"${SPLIT_LABEL}=" + labels.service}`,
  ),
  {
    is_split: {
      switch: [
        {
          condition: '${len(routes.body["items"]) == 0}',
          return: 'ignored: the service has no canary',
        },
      ],
    },
  },
  {
    release: {
      assign: [
        { first: '${routes.body["items"][0]}' },
        { host: `\${${annotation('first', 'host')}}` },
        {
          started: `\${default(map.get(first.metadata.annotations, "${SPLIT_ANNOTATIONS.startedSeconds}"), "0")}`,
        },
      ],
    },
  },
  {
    is_newer: {
      switch: [
        {
          condition: '${incident.started_at < int(started)}',
          return: 'ignored: the incident began before the release',
        },
      ],
    },
  },
];

/** The lowest that a route gives it now: routes may differ in the middle of an apply. */
const CURRENT_WEIGHT: Steps = [
  {
    each_route: {
      for: {
        value: 'route',
        in: '${routes.body["items"]}',
        steps: [
          {
            each_rule: {
              for: {
                value: 'rule',
                in: '${route.spec.http}',
                steps: [
                  {
                    each_destination: {
                      for: {
                        value: 'destination',
                        in: '${rule.route}',
                        steps: [
                          {
                            if_canary: {
                              switch: [
                                {
                                  condition: '${destination.destination.host == host}',
                                  steps: [
                                    {
                                      lowest: {
                                        assign: [{ weight: '${math.min(weight, destination.weight)}' }],
                                      },
                                    },
                                  ],
                                },
                              ],
                            },
                          },
                        ],
                      },
                    },
                  },
                ],
              },
            },
          },
        ],
      },
    },
  },
  {
    how_far: {
      switch: [
        { condition: '${labels.action != "pause"}', steps: [{ to_nothing: { assign: [{ weight: 0 }] } }] },
      ],
    },
  },
];

export const CREATE_CEILING: Subworkflow = {
  params: ['cluster', 'incident'],
  steps: [
    ...WHETHER,
    ...CURRENT_WEIGHT,
    {
      create: {
        ...asked('http.post', {
          url: RECORDS_URL,
          body: {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: {
              name: '${"canary-ceiling." + labels.service + "." + text.replace_all_regex(text.to_lower(incident.incident_id), "[^a-z0-9]+", "-")}',
              namespace: CEILING_NAMESPACE,
              labels: { [CEILING_LABELS.ceiling]: 'true', [CEILING_LABELS.service]: '${labels.service}' },
            },
            immutable: true,
            data: {
              service: '${labels.service}',
              host: '${host}',
              release: `\${${annotation('first', 'release')}}`,
              maximumWeightPercent: '${string(weight)}',
              action: '${labels.action}',
              incident: '${incident.incident_id}',
              time: '${time.format(sys.now())}',
            },
          },
        }),
        except: {
          as: 'e',
          steps: [
            { is_there: { switch: [{ condition: '${e.code == 409}', return: 'there was a ceiling' }] } },
            { refused: { raise: '${e}' } },
          ],
        },
      },
    },
    { created: { return: 'created a ceiling' } },
  ],
};
