import { Construct } from 'constructs';
import { ClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import { ClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import type { Environment } from '../../model/environment';
import { pipelineAccountEmail, type PipelineAccount } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';

export interface PolicyAccessProps {
  readonly environment: Environment;
  readonly account: PipelineAccount;
}

const RBAC = 'rbac.authorization.k8s.io';

const VERBS: Readonly<Record<PipelineAccount, readonly string[]>> = {
  plan: ['get'],
  apply: ['get', 'list', 'create', 'update', 'patch', 'delete'],
};

/**
 * Lets an account of the pipeline use admission policies. IAM has no permission for their kind, so that even
 * `roles/container.admin` does not cover them; it may create roles that grant more than it has. PCI DSS 7.2.5.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/reference/iam-permissions
 */
export class PolicyAccess extends Construct {
  /** The account has the permission once this exists. */
  readonly binding: KubernetesObject;

  constructor(scope: Construct, id: string, { environment, account }: PolicyAccessProps) {
    super(scope, id);
    const name = `${environment.mesh.name}-${account}`;
    const role = new KubernetesObject(
      this,
      'Default',
      new ClusterRole({
        metadata: { name },
        rules: [
          {
            apiGroups: ['admissionregistration.k8s.io'],
            resources: ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
            verbs: [...VERBS[account]],
          },
        ],
      }),
    );
    this.binding = new KubernetesObject(
      this,
      'Binding',
      new ClusterRoleBinding({
        metadata: { name },
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
        subjects: [
          { apiGroup: RBAC, kind: 'User', name: pipelineAccountEmail(account, environment.project.id) },
        ],
      }),
      { dependsOn: [role] },
    );
  }
}
