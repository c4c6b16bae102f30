import { Construct } from 'constructs';
import { ClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import { ClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import type { Environment } from '../../model/environment';
import { pipelineAccountEmail } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';

export interface PolicyReaderProps {
  readonly environment: Environment;
}

const RBAC = 'rbac.authorization.k8s.io';

/**
 * Lets the account that plans read admission policies. IAM has no permission for their kind, so its IAM roles do not
 * cover them, and a plan that cannot read them fails. PCI DSS 7.2.5.
 */
export class PolicyReader extends Construct {
  constructor(scope: Construct, id: string, { environment }: PolicyReaderProps) {
    super(scope, id);
    const name = `${environment.mesh.name}-plan`;
    const role = new KubernetesObject(
      this,
      'Default',
      new ClusterRole({
        metadata: { name },
        rules: [
          {
            apiGroups: ['admissionregistration.k8s.io'],
            resources: ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
            verbs: ['get'],
          },
        ],
      }),
    );
    new KubernetesObject(
      this,
      'Binding',
      new ClusterRoleBinding({
        metadata: { name },
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
        subjects: [
          { apiGroup: RBAC, kind: 'User', name: pipelineAccountEmail('plan', environment.project.id) },
        ],
      }),
      { dependsOn: [role] },
    );
  }
}
