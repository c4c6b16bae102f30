import type { ContainerCluster } from '@cdktf/provider-google/lib/container-cluster';
import type { GkeHubFeatureMembership } from '@cdktf/provider-google/lib/gke-hub-feature-membership';
import { AssetType, TerraformAsset, type TerraformStack } from 'cdktf';

export interface ReadinessGateProps {
  readonly projectId: string;
  readonly cluster: ContainerCluster;
  readonly membership: GkeHubFeatureMembership;
}

/** Relative to the folder of cdktf.json, from which every synth runs. */
const SCRIPT = 'constructs/cluster/wait-for-mesh.mjs';

/**
 * Ends the stack's apply only when the mesh answers: `kubernetes_manifest` needs its kinds at plan time, so
 * the next stack could not even be planned before.
 *
 * Written by `addOverride`, because cdktf's own `DataResource` runs the terraform binary at synth.
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
