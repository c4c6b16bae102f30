import type { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster';
import { GkeHubFeature } from '@cdktf/provider-google/lib/gke-hub-feature';
import { GkeHubFeatureMembership } from '@cdktf/provider-google/lib/gke-hub-feature-membership';
import { Construct } from 'constructs';

export interface ManagedMeshProps {
  readonly cluster: ContainerCluster;
}

/**
 * Cloud Service Mesh with Google's own control plane, switched on for one cluster.
 *
 * The membership's location is the cluster's fleet location; left out it would mean "global" and fail.
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
