import { ValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import { WEIGHT_CAP_LABELS, WEIGHT_CAP_NAMESPACE } from '../../model/canary/weight-cap';
import { SPLIT_ANNOTATIONS } from '../../model/canary/split';

/** Metadata that the writer of an object chooses. */
const METADATA = ['labels', 'annotations', 'finalizers', 'ownerReferences'];

const SAME_METADATA = METADATA.map(
  (field) => `object.metadata.?${field}.hasValue() == oldObject.metadata.?${field}.hasValue()
  && object.metadata.?${field}.orValue([]) == oldObject.metadata.?${field}.orValue([])`,
).join(' && ');

const SAME_BESIDE_HTTP =
  "dyn(object.spec).all(k, k == 'http' || (k in oldObject.spec && object.spec[k] == oldObject.spec[k])) && dyn(oldObject.spec).all(k, k in object.spec)";

/** Compares rules by name. A rule without a name makes the expression fail, and the request with it. */
const SAME_ROUTES =
  'object.spec.http.map(r, r.name) == oldObject.spec.http.map(r, r.name) && object.spec.http.all(r, oldObject.spec.http.exists_one(o, o.name == r.name))';

function forEachRoute(holds: string): string {
  return `object.spec.http.all(r, oldObject.spec.http.filter(o, o.name == r.name).all(o, ${holds}))`;
}

const SAME_BESIDE_WEIGHTS = [
  forEachRoute(
    "dyn(r).all(k, k == 'route' || (k in o && dyn(r)[k] == dyn(o)[k])) && dyn(o).all(k, k in dyn(r))",
  ),
  forEachRoute('r.route.map(d, d.destination) == o.route.map(d, d.destination)'),
  forEachRoute(
    "r.route.all(d, dyn(d).all(k, k in ['destination', 'weight'])) && o.route.all(d, !has(d.headers))",
  ),
];

const LOWERS_CANARY = forEachRoute(
  `r.route.map(d, int(d.weight)).sum() == 100 && r.route.all(d, !(d.destination.host in variables.canaryHosts) || o.route.exists(b, b.destination == d.destination && d.weight <= b.weight))`,
);

function hasLabel(label: string): string {
  return `object.metadata.?labels['${label}'].orValue('') == 'true'`;
}

/**
 * Limits the rollback controller to lowering weights of canaries and creating weight caps, whatever roles it gets. RBAC
 * knows no fields: without this policy, the right to patch a route includes the right to change its hosts.
 */
export function renderControllerPolicy(name: string, rollbackController: string): ValidatingAdmissionPolicy {
  const onRoute = "request.resource.resource != 'virtualservices'";
  return new ValidatingAdmissionPolicy({
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'], operations: ['*'] }],
      },
      matchConditions: [
        {
          name: 'is-rollback-controller',
          expression: `request.userInfo.username == '${rollbackController}'`,
        },
      ],
      variables: [
        {
          name: 'annotations',
          expression: 'has(oldObject.metadata.annotations) ? oldObject.metadata.annotations : {}',
        },
        {
          name: 'canaryHosts',
          expression: `variables.annotations.filter(k, k.startsWith('${SPLIT_ANNOTATIONS.host}')).map(k, variables.annotations[k])`,
        },
      ],
      validations: [
        {
          expression: `(request.operation == 'UPDATE' && request.resource.group == 'networking.istio.io' && request.resource.resource == 'virtualservices' && (!has(request.subResource) || request.subResource == ''))
|| (request.operation == 'CREATE' && request.resource.group == '' && request.resource.resource == 'configmaps' && request.namespace == '${WEIGHT_CAP_NAMESPACE}' && (${hasLabel(WEIGHT_CAP_LABELS.weightCap)} || ${hasLabel(WEIGHT_CAP_LABELS.receipt)}))`,
          message: 'the rollback controller may only create weight caps and lower weights of canaries',
          reason: 'Forbidden',
        },
        ...[SAME_METADATA, SAME_BESIDE_HTTP, SAME_ROUTES, ...SAME_BESIDE_WEIGHTS, LOWERS_CANARY].map(
          (holds) => ({
            expression: `${onRoute} || (${holds})`,
            message:
              'the rollback controller may only lower the weight of a canary in a route, and change nothing else',
            reason: 'Forbidden',
          }),
        ),
      ],
    },
  });
}
