/**
 * Admission policies of the canaries: they decide, and refuse, every write that they are about. What their expressions
 * say is tested by requests to a real API server (`verify -- rollback-controller`).
 */
import { Inspection } from './inspection';
import { findObject } from './inventory';
import type { Judge } from './subject';

interface Policy {
  readonly rules: readonly object[];
  readonly objectSelector?: object;
  readonly paramKind?: object;
  readonly paramRef?: object;
  /** Conditions without which the policy is not about the request. */
  readonly conditions?: readonly object[];
}

export const admissionJudge: Judge = {
  name: 'admission',
  kinds: ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
  judge: (subject) => {
    const findings: string[] = [];
    const { mesh, project } = subject.environment;
    const weightCaps = { matchLabels: { 'retail-mesh/weight-cap': 'true' } };
    const policies: Readonly<Record<string, Policy>> = {
      'canary-rollback': {
        rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }],
        conditions: [
          {
            name: 'is-rollback-controller',
            expression: `request.userInfo.username == 'canary-rollback@${project.id}.iam.gserviceaccount.com'`,
          },
        ],
      },
      'weight-cap-record': {
        objectSelector: weightCaps,
        rules: [
          {
            apiGroups: [''],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE', 'DELETE'],
            resources: ['configmaps'],
          },
          { apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['namespaces'] },
        ],
      },
      'weight-cap': {
        rules: [
          {
            apiGroups: ['networking.istio.io'],
            apiVersions: ['*'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['virtualservices'],
          },
        ],
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        // Without a weight cap every weight is allowed.
        paramRef: { namespace: 'canary-rollback', parameterNotFoundAction: 'Allow', selector: weightCaps },
      },
    };
    for (const [id, declared] of Object.entries(policies)) {
      const name = `${mesh.name}-${id}`;
      const policy = findObject(subject, 'ValidatingAdmissionPolicy', undefined, name);
      if (policy) {
        const inspection = Inspection.of(policy, findings);
        inspection.neutral('kind');
        inspectPolicy(inspection.child('spec'), declared);
        inspection.close();
      }
      const binding = findObject(subject, 'ValidatingAdmissionPolicyBinding', undefined, name);
      if (binding) {
        const inspection = Inspection.of(binding, findings);
        inspection.neutral('kind');
        inspection.is('spec', {
          policyName: name,
          validationActions: ['Deny'],
          ...(declared.paramRef && { paramRef: declared.paramRef }),
        });
        inspection.close();
      }
    }
    return findings;
  },
};

function inspectPolicy(spec: Inspection, declared: Policy): void {
  // A write that cannot be judged is refused.
  spec.is('failurePolicy', 'Fail');
  spec.is('matchConstraints', {
    resourceRules: declared.rules,
    ...(declared.objectSelector && { objectSelector: declared.objectSelector }),
  });
  spec.is('paramKind', declared.paramKind);
  spec.is('matchConditions', declared.conditions);
  spec.neutral('validations', 'variables');
}
