import { ValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import {
  WEIGHT_CAP_ACTIONS,
  WEIGHT_CAP_LABELS,
  WEIGHT_CAP_NAMESPACE,
  WEIGHT_CAP_PREFIX,
} from '../../model/canary/weight-cap';

/** Empties a namespace that is being deleted. */
const NAMESPACE_CONTROLLER = 'system:serviceaccount:kube-system:namespace-controller';

const FIELDS = ['service', 'host', 'release', 'maximumWeightPercent', 'action', 'incident', 'time'];

/** What the plan and the other policies rely on: a ceiling that could not be read would stop every route. */
const WELL_FORMED = [
  `object.metadata.namespace == '${WEIGHT_CAP_NAMESPACE}'`,
  'has(object.immutable) && object.immutable && has(object.data) && !has(object.binaryData)',
  `size(object.data) == ${FIELDS.length} && [${FIELDS.map((field) => `'${field}'`).join(', ')}].all(f, f in object.data && object.data[f] != '')`,
  "object.data.maximumWeightPercent.matches('^(100|[1-9]?[0-9])$')",
  `object.data.action in [${WEIGHT_CAP_ACTIONS.map((action) => `'${action}'`).join(', ')}] && (object.data.action != 'rollback' || object.data.maximumWeightPercent == '0')`,
  "object.data.incident.matches('^[A-Za-z0-9._-]{1,100}$')",
  `object.metadata.name.startsWith('${WEIGHT_CAP_PREFIX}' + object.data.service + '.') && object.metadata.labels['${WEIGHT_CAP_LABELS.service}'] == object.data.service`,
];

/**
 * A ceiling is created, and then stays as it is: it is cleared by a reviewed change of the release, never by an
 * edit. The group of platform administrators may remove one by hand.
 */
export function renderWeightCapRecordPolicy(
  name: string,
  breakGlassGroup: string,
): ValidatingAdmissionPolicy {
  const mayRemove = `request.userInfo.username == '${NAMESPACE_CONTROLLER}' || '${breakGlassGroup}' in request.userInfo.groups`;
  return new ValidatingAdmissionPolicy({
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        objectSelector: { matchLabels: { [WEIGHT_CAP_LABELS.weightCap]: 'true' } },
        resourceRules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            resources: ['configmaps'],
            operations: ['CREATE', 'UPDATE', 'DELETE'],
          },
          // Their namespace bears the label too: with it they would all go.
          { apiGroups: [''], apiVersions: ['v1'], resources: ['namespaces'], operations: ['DELETE'] },
        ],
      },
      validations: [
        {
          expression: `request.operation == 'CREATE' || ${mayRemove}`,
          message:
            'a ceiling is never changed or deleted; start another image (mesh canary start), or acknowledge its incident in the release file (docs/runbooks/clear-a-weight-cap.md)',
          reason: 'Forbidden',
        },
        ...WELL_FORMED.map((holds) => ({
          expression: `request.operation != 'CREATE' || (${holds})`,
          message: `a ceiling is an immutable ConfigMap in namespace ${WEIGHT_CAP_NAMESPACE} with ${FIELDS.join(', ')}`,
        })),
      ],
    },
  });
}
