/** The reconciliation: routes go down to their ceilings, and the pipeline hears of each ceiling once. */
import { RECEIPT_PREFIX, WEIGHT_CAP_PREFIX, WEIGHT_CAP_LABELS, WEIGHT_CAP_NAMESPACE } from './weight-cap';
import {
  annotation,
  httpCall,
  WORKFLOW_SETTINGS,
  IS_PLAIN,
  labelOfRelease,
  listing,
  RECORDS_URL,
  type Steps,
  type Subworkflow,
} from './rollback-workflow-steps';
import { SPLIT_LABEL } from './split';

/** Brings every route of the split down to its ceilings: gateways first, since the public comes through them. */
export const HOLD: Subworkflow = {
  params: ['cluster', 'namespace', 'selector'],
  steps: [
    listing(
      'routes',
      '${cluster + "/apis/networking.istio.io/v1beta1/namespaces/" + namespace + "/virtualservices"}',
      '${selector}',
    ),
    {
      begin: {
        assign: [{ inside: ['mesh'] }, { ordered: [] }, { names: [] }, { untold: [] }, { failures: [] }],
      },
    },
    // A route that names no gateway is one of the mesh.
    ...inOrder('gateways', 'not ("mesh" in default(map.get(route.spec, "gateways"), inside))'),
    ...inOrder('mesh', '"mesh" in default(map.get(route.spec, "gateways"), inside)'),
    {
      each_route: {
        for: {
          value: 'route',
          in: '${ordered}',
          steps: [
            {
              one_route: {
                try: {
                  call: 'hold_route',
                  args: { cluster: '${cluster}', route: '${route}' },
                  result: 'found',
                },
                except: {
                  as: 'e',
                  steps: [
                    { log_route: { call: 'sys.log', args: { data: '${e}', severity: 'ERROR' } } },
                    {
                      note_route: {
                        assign: [
                          { failures: '${list.concat(failures, route.metadata.name)}' },
                          { found: [] },
                        ],
                      },
                    },
                  ],
                },
              },
            },
            {
              each_found: {
                for: {
                  value: 'one',
                  in: '${found}',
                  steps: [
                    { twice: { switch: [{ condition: '${one.ceiling in names}', next: 'continue' }] } },
                    {
                      keep: {
                        assign: [
                          { names: '${list.concat(names, one.ceiling)}' },
                          { untold: '${list.concat(untold, one)}' },
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
    {
      tell: {
        call: 'tell_pipeline',
        args: { cluster: '${cluster}', untold: '${untold}' },
        result: 'told',
      },
    },
    { held: { switch: [{ condition: '${len(failures) == 0}', return: '${told}' }] } },
    { not_held: { raise: '${"could not lower " + json.encode_to_string(failures)}' } },
  ],
};

function inOrder(name: string, condition: string): Steps {
  return [
    {
      [`first_${name}`]: {
        for: {
          value: 'route',
          in: '${routes.body["items"]}',
          steps: [
            {
              [`if_${name}`]: {
                switch: [
                  {
                    condition: `\${${condition}}`,
                    steps: [{ [`add_${name}`]: { assign: [{ ordered: '${list.concat(ordered, route)}' }] } }],
                  },
                ],
              },
            },
          ],
        },
      },
    },
  ];
}

/**
 * One route. Of the records, which nobody ever deletes, it asks for those of its own release alone: an execution may
 * hold half a megabyte. Returns the ceilings that hold and of which the pipeline has not heard.
 */
export const HOLD_ROUTE: Subworkflow = {
  params: ['cluster', 'route'],
  steps: [
    { begin: { assign: [{ untold: [] }, { receipts: [] }] } },
    { is_plain: { switch: [{ condition: IS_PLAIN, return: '${untold}' }] } },
    ...labelOfRelease(annotation('route', 'release')),
    { whose: { assign: [{ service: `\${route.metadata.labels["${SPLIT_LABEL}"]}` }] } },
    listing(
      'records',
      RECORDS_URL,
      `\${"${WEIGHT_CAP_LABELS.service}=" + service + ",${WEIGHT_CAP_LABELS.release}=" + release_label}`,
    ),
    { none: { switch: [{ condition: '${len(records.body["items"]) == 0}', return: '${untold}' }] } },
    {
      lower: {
        call: 'lower_route',
        args: { cluster: '${cluster}', route: '${route}', records: '${records.body["items"]}' },
        result: 'holding',
      },
    },
    {
      each_record: {
        for: {
          value: 'record',
          in: '${records.body["items"]}',
          steps: [{ known: { assign: [{ receipts: '${list.concat(receipts, record.metadata.name)}' }] } }],
        },
      },
    },
    {
      each_holding: {
        for: {
          value: 'name',
          in: '${holding}',
          steps: [
            {
              receipt: {
                assign: [
                  { receipt: `\${text.replace_all(name, "${WEIGHT_CAP_PREFIX}", "${RECEIPT_PREFIX}")}` },
                ],
              },
            },
            { told: { switch: [{ condition: '${receipt in receipts}', next: 'continue' }] } },
            {
              entry: {
                assign: [
                  {
                    one: {
                      ceiling: '${name}',
                      receipt: '${receipt}',
                      service: '${service}',
                      release: '${release_label}',
                    },
                  },
                  { untold: '${list.concat(untold, one)}' },
                ],
              },
            },
          ],
        },
      },
    },
    { all: { return: '${untold}' } },
  ],
};

/** Once for each ceiling; a receipt beside it says that it was done, and is written last. */
export const NOTIFY_PIPELINE: Subworkflow = {
  params: ['cluster', 'untold'],
  steps: [
    { start: { assign: [{ pipeline: `\${sys.get_env("${WORKFLOW_SETTINGS.pipeline}")}` }] } },
    { nobody: { switch: [{ condition: '${pipeline == ""}', return: 'held' }] } },
    {
      each_untold: {
        for: {
          value: 'one',
          in: '${untold}',
          steps: [
            {
              post: httpCall('http.post', {
                url: '${pipeline}',
                body: { messages: [{ attributes: { ceiling: '${one.ceiling}' } }] },
              }),
            },
            {
              write: {
                ...httpCall('http.post', {
                  url: RECORDS_URL,
                  body: {
                    apiVersion: 'v1',
                    kind: 'ConfigMap',
                    metadata: {
                      name: '${one.receipt}',
                      namespace: WEIGHT_CAP_NAMESPACE,
                      labels: {
                        [WEIGHT_CAP_LABELS.receipt]: 'true',
                        [WEIGHT_CAP_LABELS.service]: '${one.service}',
                        [WEIGHT_CAP_LABELS.release]: '${one.release}',
                      },
                    },
                    immutable: true,
                  },
                }),
                except: {
                  as: 'e',
                  steps: [
                    { was_there: { switch: [{ condition: '${e.code == 409}', next: 'continue' }] } },
                    { failed: { raise: '${e}' } },
                  ],
                },
              },
            },
          ],
        },
      },
    },
    { all_told: { return: 'held' } },
  ],
};
