import type { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster';
import { GkeHubFeature } from '@cdktf/provider-google/lib/gke-hub-feature';
import { GkeHubFeatureMembership } from '@cdktf/provider-google/lib/gke-hub-feature-membership';
import { Construct } from 'constructs';

export interface ManagedMeshProps {
  readonly cluster: ContainerCluster;
}

/**
 * Enables managed Cloud Service Mesh, with Google's control plane, for one cluster.
 *
 * The membership location is the cluster's fleet location. The default, "global", would fail.
 */
export class ManagedMesh extends Construct {
  public readonly membership: GkeHubFeatureMembership;

  constructor(scope: Construct, id: string, props: ManagedMeshProps) {
    super(scope, id);
    const fleet = props.cluster.fleet;
    const feature = new GkeHubFeature(this, 'Feature', { name: 'servicemesh', location: 'global' });
    this.membership = new GkeHubFeatureMembership(this, 'Membership', {
      location: 'global',
      feature: feature.name,
      membership: fleet.membershipId,
      membershipLocation: fleet.membershipLocation,
      mesh: { management: 'MANAGEMENT_AUTOMATIC' },
    });
  }
}
