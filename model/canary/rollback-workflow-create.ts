/** The ceilings that an incident makes: one a release. The routes show two of them while an apply is under way. */
import { WEIGHT_CAP_LABELS, WEIGHT_CAP_NAMESPACE, WEIGHT_CAP_PREFIX, RELEASE_CHARACTERS } from './weight-cap';
import {
  annotation,
  httpCall,
  IS_PLAIN,
  labelOfRelease,
  listing,
  plainText,
  RECORDS_URL,
  type Steps,
  type Subworkflow,
} from './rollback-workflow-steps';
import { SPLIT_ANNOTATIONS, SPLIT_LABEL } from './split';

/** Every release of the service that is as old as the incident gets its ceiling. */
export const CREATE_WEIGHT_CAPS: Subworkflow = {
  params: ['cluster', 'incident'],
  steps: [
    {
      is_open: {
        switch: [{ condition: '${incident.state != "open"}', return: 'ignored: the incident is closed' }],
      },
    },
    { whose: { assign: [{ labels: '${incident.policy_user_labels}' }] } },
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
      begin: {
        assign: [{ seen: [] }, { ours: [] }, { said: 'ignored: the incident began before the release' }],
      },
    },
    {
      which_are_ours: {
        for: {
          value: 'route',
          in: '${routes.body["items"]}',
          steps: [
            { is_plain: { switch: [{ condition: IS_PLAIN, next: 'continue' }] } },
            { is_ours: { assign: [{ ours: '${list.concat(ours, route)}' }] } },
          ],
        },
      },
    },
    {
      each_route: {
        for: {
          value: 'route',
          in: '${ours}',
          steps: [
            { which: { assign: [{ release: `\${${annotation('route', 'release')}}` }] } },
            { known: { switch: [{ condition: '${release in seen}', next: 'continue' }] } },
            { remember: { assign: [{ seen: '${list.concat(seen, release)}' }] } },
            {
              one_release: {
                call: 'create_ceiling',
                args: {
                  cluster: '${cluster}',
                  incident: '${incident}',
                  first: '${route}',
                  routes: '${ours}',
                },
                result: 'outcome',
              },
            },
            { is_older: { switch: [{ condition: '${outcome == ""}', next: 'continue' }] } },
            { keep: { assign: [{ said: '${outcome}' }] } },
          ],
        },
      },
    },
    { all: { return: '${said}' } },
  ],
};

/** The lowest that a route of this release gives it now: routes may differ in the middle of an apply. */
const CURRENT_WEIGHT: Steps = [
  { nothing: { assign: [{ none: [] }] } },
  {
    each_route: {
      for: {
        value: 'route',
        in: '${routes}',
        steps: [
          {
            same_release: {
              switch: [{ condition: `\${${annotation('route', 'release')} != release}`, next: 'continue' }],
            },
          },
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
                        in: '${default(map.get(rule, "route"), none)}',
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

/** Returns nothing for a release that began after the incident. */
export const CREATE_WEIGHT_CAP: Subworkflow = {
  params: ['cluster', 'incident', 'first', 'routes'],
  steps: [
    {
      read: {
        assign: [
          { labels: '${incident.policy_user_labels}' },
          { host: `\${${annotation('first', 'host')}}` },
          { release: `\${${annotation('first', 'release')}}` },
          {
            started: `\${default(map.get(first.metadata.annotations, "${SPLIT_ANNOTATIONS.startedSeconds}"), "0")}`,
          },
          { weight: 100 },
        ],
      },
    },
    {
      is_newer: { switch: [{ condition: '${incident.started_at < int(started)}', return: '' }] },
    },
    ...CURRENT_WEIGHT,
    ...labelOfRelease('release'),
    {
      names: {
        assign: [
          {
            release_part: `\${text.substring(plain, math.max(0, len(plain) - ${RELEASE_CHARACTERS}), len(plain))}`,
          },
          { incident_part: plainText('incident.incident_id') },
        ],
      },
    },
    {
      create: {
        ...httpCall('http.post', {
          url: RECORDS_URL,
          body: {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: {
              name: `\${"${WEIGHT_CAP_PREFIX}" + labels.service + ".r" + release_part + "-" + incident_part}`,
              namespace: WEIGHT_CAP_NAMESPACE,
              labels: {
                [WEIGHT_CAP_LABELS.weightCap]: 'true',
                [WEIGHT_CAP_LABELS.service]: '${labels.service}',
                [WEIGHT_CAP_LABELS.release]: '${release_label}',
              },
            },
            immutable: true,
            data: {
              service: '${labels.service}',
              host: '${host}',
              release: '${release}',
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
