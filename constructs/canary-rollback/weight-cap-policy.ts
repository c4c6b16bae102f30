import { ValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import { ACKNOWLEDGED_ANNOTATION, SPLIT_ANNOTATIONS } from '../../model/canary/split';
import { WEIGHT_CAP_FIELDS as FIELDS } from '../../model/canary/weight-cap';

const RELEASE_KEY = `'${SPLIT_ANNOTATIONS.release}' + params.data.${FIELDS.service}`;

/** Istio's defaults: 100 for a single destination, 0 for a missing weight among several. */
const WEIGHT = 'has(d.weight) ? int(d.weight) : 0';

/** A short name is the same host as the full one. */
const IS_CAPPED_HOST = `(params.data.${FIELDS.host} == d.destination.host.lowerAscii() || params.data.${FIELDS.host}.startsWith(d.destination.host.lowerAscii() + '.'))`;

const WITHIN_LIMIT = `!has(r.route) || (size(r.route) == 1
  ? (variables.limit == 100 || !r.route.exists(d, ${IS_CAPPED_HOST}))
  : r.route.filter(d, ${IS_CAPPED_HOST}).map(d, ${WEIGHT}).sum() * 100 <= variables.limit * r.route.map(d, ${WEIGHT}).sum())`;

/**
 * Refuses every write that gives a canary more than a weight cap allows, from a person or from a plan that was saved
 * before the incident. The API server evaluates it once for each weight cap.
 *
 * The release and the acknowledged incidents are annotations of the route, which Terraform writes from reviewed files.
 * An identity that may write them may write all weights anyway; the rollback controller may not. A plan saved before an
 * incident cannot have acknowledged it. Every weight cap of the host applies to a route without the release annotation.
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
        { name: 'limit', expression: `int(params.data.${FIELDS.maximumWeightPercent})` },
        {
          name: 'otherRelease',
          expression: `${RELEASE_KEY} in variables.annotations && variables.annotations[${RELEASE_KEY}] != params.data.${FIELDS.release}`,
        },
        {
          name: 'acknowledged',
          expression: `'${ACKNOWLEDGED_ANNOTATION}' in variables.annotations && params.data.${FIELDS.incident} in variables.annotations['${ACKNOWLEDGED_ANNOTATION}'].split(' ')`,
        },
        { name: 'free', expression: 'variables.otherRelease || variables.acknowledged' },
      ],
      validations: ['http', 'tls', 'tcp'].map((protocol) => ({
        expression: `variables.free || !has(object.spec) || !has(object.spec.${protocol}) || object.spec.${protocol}.all(r, ${WITHIN_LIMIT})`,
        messageExpression: `'canary ' + params.data.${FIELDS.host} + ' is capped at ' + params.data.${FIELDS.maximumWeightPercent} + ' % by weight cap ' + params.metadata.name + ' of incident ' + params.data.${FIELDS.incident} + '; start another image (mesh canary start), or acknowledge the incident in the release file (docs/runbooks/clear-a-weight-cap.md)'`,
        reason: 'Forbidden',
      })),
    },
  });
}
