import type { Construct } from 'constructs';
import { ImageAttestation } from '../constructs/cluster/image-attestation';
import { ImageRegistry } from '../constructs/cluster/image-registry';
import { ManagedMesh } from '../constructs/cluster/managed-mesh';
import { MeshCluster } from '../constructs/cluster/mesh-cluster';
import { addReadinessGate } from '../constructs/cluster/readiness-gate';
import { RetailStack, type RetailStackProps } from './retail-stack';

/** Cluster and managed mesh. Its apply ends when the mesh is ready. */
export class ClusterAndAsmStack extends RetailStack {
  constructor(scope: Construct, props: RetailStackProps) {
    super(scope, 'cluster-and-asm', props);
    const { environment } = props;

    new ImageRegistry(this, 'Images', { environment });
    if (environment.images.attestation !== 'off') new ImageAttestation(this, 'Attestation', { environment });
    const { cluster } = new MeshCluster(this, 'Cluster', { environment });
    const { membership } = new ManagedMesh(this, 'Mesh', { cluster });
    addReadinessGate(this, { projectId: environment.project.id, cluster, membership });
  }
}
