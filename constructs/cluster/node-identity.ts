import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import { Construct } from 'constructs';

export interface NodeIdentityProps {
  readonly projectId: string;
}

/** Nodes need logs, metrics and images only. Workloads have identities of their own. */
const ROLES = {
  Nodes: 'roles/container.defaultNodeServiceAccount',
  Images: 'roles/artifactregistry.reader',
} as const;

/** Least-privilege service account of the nodes, in place of the project's default editor account. PCI DSS 7.2.5. */
export class NodeIdentity extends Construct {
  public readonly email: string;
  public readonly grants: ProjectIamMember[];

  constructor(scope: Construct, id: string, props: NodeIdentityProps) {
    super(scope, id);
    const account = new ServiceAccount(this, 'Account', {
      accountId: 'mesh-nodes',
      displayName: 'Nodes of the mesh cluster',
    });
    this.email = account.email;
    this.grants = Object.entries(ROLES).map(
      ([purpose, role]) =>
        new ProjectIamMember(this, purpose, { project: props.projectId, role, member: account.member }),
    );
  }
}
