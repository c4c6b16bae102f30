import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import { Construct } from 'constructs';

export interface NodeIdentityProps {
  readonly projectId: string;
}

/** Logs, metrics and images: all a node needs. Workloads have identities of their own. */
const ROLES = {
  Nodes: 'roles/container.defaultNodeServiceAccount',
  Images: 'roles/artifactregistry.reader',
} as const;

/** The account of the nodes, instead of the project's default one, which may edit everything. PCI DSS 7.2.5. */
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
