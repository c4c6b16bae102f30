/** No weight of a route is higher than the ceilings that hold for it. */
import { WEIGHT_CAP_LABELS } from './weight-cap';
import { annotation, httpCall, type Step, type Subworkflow } from './rollback-workflow-steps';
import { ROLLBACK_CONTROLLER } from '../naming';
import { SPLIT_ANNOTATIONS } from './split';

/** Adds operations to the patch: that the rule and the host are where they were, and the two weights. */
const ADD_OPERATIONS: readonly Step[] = [
  { base: '${"/spec/http/" + string(at)}' },
  { operation: { op: 'test', path: '${base + "/name"}', value: '${rule.name}' } },
  { patch: '${list.concat(patch, operation)}' },
  {
    operation: {
      op: 'test',
      path: '${base + "/route/" + string(canary) + "/destination/host"}',
      value: '${host}',
    },
  },
  { patch: '${list.concat(patch, operation)}' },
  {
    operation: {
      op: 'replace',
      path: '${base + "/route/" + string(canary) + "/weight"}',
      value: '${limit}',
    },
  },
  { patch: '${list.concat(patch, operation)}' },
  {
    operation: {
      op: 'replace',
      path: '${base + "/route/" + string(1 - canary) + "/weight"}',
      value: '${100 - limit}',
    },
  },
  { patch: '${list.concat(patch, operation)}' },
];

/** Returns the names of the ceilings that hold. */
export const LOWER_ROUTE: Subworkflow = {
  params: ['cluster', 'route', 'records'],
  steps: [
    {
      read: {
        assign: [
          { host: `\${${annotation('route', 'host')}}` },
          { release: `\${${annotation('route', 'release')}}` },
          {
            waived: `\${text.split(default(map.get(route.metadata.annotations, "${SPLIT_ANNOTATIONS.acknowledged}"), ""), " ")}`,
          },
          { limit: 100 },
          { holding: [] },
          { patch: [] },
        ],
      },
    },
    {
      each_record: {
        for: {
          value: 'record',
          in: '${records}',
          steps: [
            {
              is_ceiling: {
                switch: [
                  {
                    condition: `\${not ("${WEIGHT_CAP_LABELS.weightCap}" in record.metadata.labels)}`,
                    next: 'continue',
                  },
                ],
              },
            },
            {
              holds: {
                switch: [
                  {
                    condition:
                      '${record.data.host == host and record.data.release == release and not (record.data.incident in waived)}',
                    steps: [
                      {
                        lower: {
                          assign: [
                            { limit: '${math.min(limit, int(record.data.maximumWeightPercent))}' },
                            { holding: '${list.concat(holding, record.metadata.name)}' },
                          ],
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
    {
      each_rule: {
        for: {
          value: 'rule',
          index: 'at',
          in: '${route.spec.http}',
          steps: [
            {
              // Nor does a redirect have destinations.
              is_split: {
                switch: [{ condition: '${not ("route" in rule) or len(rule.route) != 2}', next: 'continue' }],
              },
            },
            { begin: { assign: [{ canary: 1 }] } },
            {
              where: {
                switch: [
                  {
                    condition: '${rule.route[0].destination.host == host}',
                    steps: [{ is_first: { assign: [{ canary: 0 }] } }],
                  },
                ],
              },
            },
            {
              is_above: {
                switch: [
                  {
                    condition:
                      '${rule.route[canary].destination.host != host or rule.route[canary].weight <= limit}',
                    next: 'continue',
                  },
                ],
              },
            },
            { add: { assign: ADD_OPERATIONS } },
          ],
        },
      },
    },
    { is_low: { switch: [{ condition: '${len(patch) == 0}', return: '${holding}' }] } },
    {
      send: httpCall('http.patch', {
        url: '${cluster + "/apis/networking.istio.io/v1beta1/namespaces/" + route.metadata.namespace + "/virtualservices/" + route.metadata.name}',
        headers: { 'Content-Type': 'application/json-patch+json' },
        query: { fieldManager: ROLLBACK_CONTROLLER },
        // As text: a list would be sent as a form by some clients, and Workflows sends text as it is.
        body: '${json.encode_to_string(patch)}',
      }),
    },
    { lowered: { return: '${holding}' } },
  ],
};
