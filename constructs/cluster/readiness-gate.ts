import type { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster';
import type { GkeHubFeatureMembership } from '@cdktf/provider-google/lib/gke-hub-feature-membership';
import { AssetType, TerraformAsset, type TerraformStack } from 'cdktf';

export interface ReadinessGateProps {
  readonly projectId: string;
  readonly cluster: ContainerCluster;
  readonly membership: GkeHubFeatureMembership;
}

/** Relative to the folder of cdktf.json. */
const SCRIPT = 'constructs/cluster/wait-for-mesh.mjs';

/**
 * Lets the stack's apply wait until the mesh is ready: `kubernetes_manifest` needs the mesh's kinds at plan time, so
 * the next stack could not be planned earlier.
 *
 * Uses `addOverride`, because cdktf's `DataResource` runs the terraform binary at synth.
 */
export function addReadinessGate(stack: TerraformStack, props: ReadinessGateProps): void {
  const { projectId, cluster, membership } = props;
  const script = new TerraformAsset(stack, 'WaitForMesh', { path: SCRIPT, type: AssetType.FILE });
  const endpoint = cluster.controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint;
  stack.addOverride('resource.terraform_data.mesh_ready', {
    triggers_replace: [membership.id],
    provisioner: [
      {
        'local-exec': {
          command: `node ${script.path}`,
          environment: {
            PROJECT: projectId,
            MEMBERSHIP: cluster.fleet.membershipId,
            CLUSTER_ENDPOINT: `https://${endpoint}`,
          },
        },
      },
    ],
  });
}
