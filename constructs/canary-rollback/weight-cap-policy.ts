import { ValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import { SPLIT_ANNOTATIONS } from '../../model/canary/split';

const { release, acknowledged } = SPLIT_ANNOTATIONS;

/** Istio takes a single destination's weight for 100, and a missing one among several for 0. */
const WEIGHT = 'has(d.weight) ? int(d.weight) : 0';

/** A short name means the same host as the full one. */
const IS_HELD_HOST =
  "(params.data.host == d.destination.host.lowerAscii() || params.data.host.startsWith(d.destination.host.lowerAscii() + '.'))";

const WITHIN_LIMIT = `!has(r.route) || (size(r.route) == 1
  ? (variables.limit == 100 || !r.route.exists(d, ${IS_HELD_HOST}))
  : r.route.filter(d, ${IS_HELD_HOST}).map(d, ${WEIGHT}).sum() * 100 <= variables.limit * r.route.map(d, ${WEIGHT}).sum())`;

/**
 * Nobody gives a canary more than a ceiling allows: not a person, and not a plan that was saved before the
 * incident. Evaluated once for each ceiling.
 *
 * The route itself tells its release and the acknowledged incidents. Both annotations are Terraform's, from
 * reviewed files; whoever may write them may write every weight, and the guard may not. A plan saved before
 * an incident cannot have acknowledged it. A route that tells no release is held by every ceiling of the host.
 */
export function renderWeightCapPolicy(name: string): ValidatingAdmissionPolicy {
  return new ValidatingAdmissionPolicy({
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['networking.istio.io'],
            apiVersions: ['*'],
            resources: ['virtualservices'],
            operations: ['CREATE', 'UPDATE'],
          },
        ],
      },
      variables: [
        {
          name: 'annotations',
          expression: 'has(object.metadata.annotations) ? object.metadata.annotations : {}',
        },
        { name: 'limit', expression: 'int(params.data.maximumWeightPercent)' },
        {
          name: 'otherRelease',
          expression: `'${release}' in variables.annotations && variables.annotations['${release}'] != params.data.release`,
        },
        {
          name: 'acknowledged',
          expression: `'${acknowledged}' in variables.annotations && params.data.incident in variables.annotations['${acknowledged}'].split(' ')`,
        },
        { name: 'free', expression: 'variables.otherRelease || variables.acknowledged' },
      ],
      validations: ['http', 'tls', 'tcp'].map((protocol) => ({
        expression: `variables.free || !has(object.spec) || !has(object.spec.${protocol}) || object.spec.${protocol}.all(r, ${WITHIN_LIMIT})`,
        messageExpression:
          "'canary ' + params.data.host + ' is held at ' + params.data.maximumWeightPercent + ' % by ceiling ' + params.metadata.name + ' of incident ' + params.data.incident + '; start another image (mesh canary start), or acknowledge the incident in the release file (docs/runbooks/clear-a-weight-cap.md)'",
        reason: 'Forbidden',
      })),
    },
  });
}
