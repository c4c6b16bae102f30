import { ValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import {
  WEIGHT_CAP_ACTIONS,
  WEIGHT_CAP_FIELDS,
  WEIGHT_CAP_LABELS,
  WEIGHT_CAP_NAMESPACE,
  WEIGHT_CAP_PREFIX,
} from '../../model/canary/weight-cap';

/** Deletes the objects of a namespace that is being deleted. */
const NAMESPACE_CONTROLLER = 'system:serviceaccount:kube-system:namespace-controller';

const FIELDS = Object.values(WEIGHT_CAP_FIELDS);
const { service, maximumWeightPercent, action, incident } = WEIGHT_CAP_FIELDS;

/** The plan and the other policy rely on it: with an invalid weight cap, they could accept no route. */
const WELL_FORMED = [
  `object.metadata.namespace == '${WEIGHT_CAP_NAMESPACE}'`,
  'has(object.immutable) && object.immutable && has(object.data) && !has(object.binaryData)',
  `size(object.data) == ${FIELDS.length} && [${FIELDS.map((field) => `'${field}'`).join(', ')}].all(f, f in object.data && object.data[f] != '')`,
  `object.data.${maximumWeightPercent}.matches('^(100|[1-9]?[0-9])$')`,
  `object.data.${action} in [${WEIGHT_CAP_ACTIONS.map((name) => `'${name}'`).join(', ')}] && (object.data.${action} != 'rollback' || object.data.${maximumWeightPercent} == '0')`,
  `object.data.${incident}.matches('^[A-Za-z0-9._-]{1,100}$')`,
  `object.metadata.name.startsWith('${WEIGHT_CAP_PREFIX}' + object.data.${service} + '.') && object.metadata.labels['${WEIGHT_CAP_LABELS.service}'] == object.data.${service}`,
];

/**
 * Weight caps must be well-formed, and cannot be changed or deleted: a reviewed change of the release clears them. The
 * group of platform administrators may delete one by hand.
 */
export function renderWeightCapRecordPolicy(
  name: string,
  breakGlassGroup: string,
): ValidatingAdmissionPolicy {
  const mayDelete = `request.userInfo.username == '${NAMESPACE_CONTROLLER}' || '${breakGlassGroup}' in request.userInfo.groups`;
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
          // Their namespace has the label too: deleting it would delete them all.
          { apiGroups: [''], apiVersions: ['v1'], resources: ['namespaces'], operations: ['DELETE'] },
        ],
      },
      validations: [
        {
          expression: `request.operation == 'CREATE' || ${mayDelete}`,
          message:
            'a weight cap cannot be changed or deleted; start another image (mesh canary start), or acknowledge its incident in the release file (docs/runbooks/clear-a-weight-cap.md)',
          reason: 'Forbidden',
        },
        ...WELL_FORMED.map((holds) => ({
          expression: `request.operation != 'CREATE' || (${holds})`,
          message: `a weight cap must be an immutable ConfigMap in namespace ${WEIGHT_CAP_NAMESPACE} with valid values for exactly these keys: ${FIELDS.join(', ')}`,
        })),
      ],
    },
  });
}
