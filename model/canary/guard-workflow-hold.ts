/** The reconciliation: routes go down to their ceilings, and the pipeline hears of each ceiling once. */
import { CEILING_LABELS, CEILING_NAMESPACE } from './ceiling';
import {
  asked,
  GUARD_SETTINGS,
  listing,
  RECORDS_URL,
  type Steps,
  type Subworkflow,
} from './guard-workflow-steps';

/** Brings every route of the split down to its ceilings: gateways first, since the public comes through them. */
export const HOLD: Subworkflow = {
  params: ['cluster', 'namespace', 'selector'],
  steps: [
    listing('ceilings', RECORDS_URL, CEILING_LABELS.service),
    { none: { switch: [{ condition: '${len(ceilings.body["items"]) == 0}', return: 'no ceiling' }] } },
    listing(
      'routes',
      '${cluster + "/apis/networking.istio.io/v1beta1/namespaces/" + namespace + "/virtualservices"}',
      '${selector}',
    ),
    { begin: { assign: [{ ordered: [] }, { holding: [] }, { failures: [] }] } },
    ...inOrder('gateways', 'not ("mesh" in route.spec.gateways)'),
    ...inOrder('mesh', '"mesh" in route.spec.gateways'),
    {
      each_route: {
        for: {
          value: 'route',
          in: '${ordered}',
          steps: [
            {
              one_route: {
                try: {
                  call: 'lower_route',
                  args: { cluster: '${cluster}', route: '${route}', records: '${ceilings.body["items"]}' },
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
                  value: 'name',
                  in: '${found}',
                  steps: [{ keep: { assign: [{ holding: '${list.concat(holding, name)}' }] } }],
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
        args: { cluster: '${cluster}', holding: '${holding}', records: '${ceilings.body["items"]}' },
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

/** Once for each ceiling; a receipt beside it says that it was done, and is written last. */
export const TELL_PIPELINE: Subworkflow = {
  params: ['cluster', 'holding', 'records'],
  steps: [
    {
      start: {
        assign: [{ pipeline: `\${sys.get_env("${GUARD_SETTINGS.pipeline}")}` }, { receipts: [] }],
      },
    },
    { nobody: { switch: [{ condition: '${pipeline == ""}', return: 'held' }] } },
    {
      each_record: {
        for: {
          value: 'record',
          in: '${records}',
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
                assign: [{ receipt: '${text.replace_all(name, "canary-ceiling.", "canary-receipt.")}' }],
              },
            },
            { told: { switch: [{ condition: '${receipt in receipts}', next: 'continue' }] } },
            {
              post: asked('http.post', {
                url: '${pipeline}',
                body: { messages: [{ attributes: { ceiling: '${name}' } }] },
              }),
            },
            {
              write: {
                ...asked('http.post', {
                  url: RECORDS_URL,
                  body: {
                    apiVersion: 'v1',
                    kind: 'ConfigMap',
                    metadata: {
                      name: '${receipt}',
                      namespace: CEILING_NAMESPACE,
                      labels: {
                        [CEILING_LABELS.receipt]: 'true',
                        [CEILING_LABELS.service]: '${text.split(name, ".")[1]}',
                      },
                    },
                    immutable: true,
                  },
                }),
                except: {
                  as: 'e',
                  steps: [
                    { was_there: { switch: [{ condition: '${e.code == 409}', next: 'remember' }] } },
                    { failed: { raise: '${e}' } },
                  ],
                },
              },
            },
            { remember: { assign: [{ receipts: '${list.concat(receipts, receipt)}' }] } },
          ],
        },
      },
    },
    { all_told: { return: 'held' } },
  ],
};
