import {
  ContainerCluster,
  type ContainerClusterConfig,
  type ContainerClusterMaintenancePolicy,
} from '@cdktf/provider-google/lib/container-cluster';
import { ContainerNodePool } from '@cdktf/provider-google/lib/container-node-pool';
import { Construct } from 'constructs';
import { NODE_SURGE } from '../../model/cluster-capacity';
import type { Environment } from '../../model/environment';
import {
  clusterLocation,
  clusterName,
  networkName,
  SUBNET_RANGES,
  subnetName,
  trustDomain,
} from '../../model/naming';
import { serviceAgentMember } from '../../model/service-agents';
import { EncryptionKey } from '../encryption/encryption-key';
import { NodeIdentity } from './node-identity';

export interface MeshClusterProps {
  readonly environment: Environment;
}

/**
 * The GKE cluster: private nodes, access to the control plane through its DNS endpoint and IAM only, Dataplane V2,
 * workload identity, secrets and disks under customer-managed keys. PCI DSS 1.4.4, 2.2.1, 3.5.1, 6.3.3, 7.2.5.
 */
export class MeshCluster extends Construct {
  public readonly cluster: ContainerCluster;

  constructor(scope: Construct, id: string, props: MeshClusterProps) {
    super(scope, id);
    const { environment } = props;
    const { cluster, project, zones, region } = environment;
    const secretsKey = new EncryptionKey(this, 'SecretsKey', {
      environment,
      name: 'cluster-secrets',
      users: { Gke: serviceAgentMember('gke', project.number) },
    });
    const disksKey = new EncryptionKey(this, 'DisksKey', {
      environment,
      name: 'cluster-disks',
      users: { Compute: serviceAgentMember('compute', project.number) },
    });
    const identity = new NodeIdentity(this, 'NodeIdentity', { projectId: project.id });
    const nodeLocations = zones.map((zone) => `${region}-${zone}`);

    this.cluster = new ContainerCluster(this, 'Default', {
      ...renderCluster(environment),
      ...(cluster.mode === 'autopilot'
        ? {
            enableAutopilot: true,
            clusterAutoscaling: {
              autoProvisioningDefaults: { serviceAccount: identity.email, bootDiskKmsKey: disksKey.id },
            },
          }
        : {
            removeDefaultNodePool: true,
            initialNodeCount: 1,
            enableShieldedNodes: true,
            // Dataplane V2 enforces NetworkPolicies itself and excludes the add-on. Autopilot refuses the argument.
            networkPolicy: { enabled: false },
            enableIntranodeVisibility: true,
            ...(cluster.location === 'regional' && { nodeLocations }),
            // The default pool is removed immediately, but its nodes still need a least-privilege account.
            nodeConfig: {
              serviceAccount: identity.email,
              oauthScopes: [CLOUD_PLATFORM],
              bootDiskKmsKey: disksKey.id,
              workloadMetadataConfig: { mode: 'GKE_METADATA' },
              shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
            },
          }),
      databaseEncryption: { state: 'ENCRYPTED', keyName: secretsKey.id },
      dependsOn: [...identity.grants, ...secretsKey.grants, ...disksKey.grants],
      lifecycle: { ignoreChanges: ['node_config'] },
    });
    if (cluster.mode === 'standard') this.nodePool(environment, identity, disksKey, nodeLocations);
  }

  private nodePool(
    { cluster }: Environment,
    identity: NodeIdentity,
    disksKey: EncryptionKey,
    nodeLocations: readonly string[],
  ): void {
    const { nodes } = cluster;
    if (nodes === undefined) throw new Error("cluster.nodes is missing; mode 'standard' needs it");
    new ContainerNodePool(this, 'Nodes', {
      name: 'default',
      cluster: this.cluster.id,
      ...(cluster.location === 'regional' && { nodeLocations: [...nodeLocations] }),
      // GKE would create the pool without nodes, and the autoscaler adds them only when pods are pending.
      initialNodeCount: nodes.minPerZone,
      autoscaling: { minNodeCount: nodes.minPerZone, maxNodeCount: nodes.maxPerZone },
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { maxSurge: NODE_SURGE, maxUnavailable: 0 },
      nodeConfig: {
        machineType: nodes.machineType,
        diskSizeGb: nodes.diskGiB,
        diskType: 'pd-balanced',
        bootDiskKmsKey: disksKey.id,
        spot: nodes.spot,
        imageType: 'COS_CONTAINERD',
        serviceAccount: identity.email,
        oauthScopes: [CLOUD_PLATFORM],
        workloadMetadataConfig: { mode: 'GKE_METADATA' },
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: 'FALSE' },
        metadata: { 'disable-legacy-endpoints': 'true' },
      },
      // The autoscaler owns the node count.
      lifecycle: { ignoreChanges: ['initial_node_count'] },
    });
  }
}

/** The account's IAM roles limit access, not OAuth scopes. */
const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

/** Arguments that standard and Autopilot clusters share. */
function renderCluster(environment: Environment): ContainerClusterConfig {
  const { mesh, cluster, images, project, deletionProtection } = environment;
  return {
    name: clusterName(mesh.name),
    location: clusterLocation(environment),
    network: networkName(mesh.name),
    subnetwork: subnetName(mesh.name),
    deletionProtection,
    resourceLabels: { mesh: mesh.name, environment: environment.name },
    datapathProvider: 'ADVANCED_DATAPATH',
    networkingMode: 'VPC_NATIVE',
    ipAllocationPolicy: {
      clusterSecondaryRangeName: SUBNET_RANGES.pods,
      servicesSecondaryRangeName: SUBNET_RANGES.services,
    },
    privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: true },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { allowExternalTraffic: true },
      ipEndpointsConfig: { enabled: false },
    },
    releaseChannel: { channel: cluster.releaseChannel },
    maintenancePolicy: renderMaintenance(environment),
    workloadIdentityConfig: { workloadPool: trustDomain(project.id) },
    fleet: { project: project.id },
    gatewayApiConfig: { channel: 'CHANNEL_STANDARD' },
    secretManagerConfig: { enabled: true },
    authenticatorGroupsConfig: { securityGroup: `gke-security-groups@${mesh.groupsDomain}` },
    monitoringConfig: {
      enableComponents: ['SYSTEM_COMPONENTS', 'DEPLOYMENT', 'HPA', 'POD'],
      managedPrometheus: { enabled: true },
      advancedDatapathObservabilityConfig: { enableMetrics: true, enableRelay: true },
    },
    loggingConfig: { enableComponents: ['SYSTEM_COMPONENTS', 'WORKLOADS', 'APISERVER'] },
    securityPostureConfig: { mode: 'BASIC', vulnerabilityMode: 'VULNERABILITY_DISABLED' },
    costManagementConfig: { enabled: true },
    binaryAuthorization: {
      evaluationMode: images.attestation === 'off' ? 'DISABLED' : 'PROJECT_SINGLETON_POLICY_ENFORCE',
    },
    // Anonymous requests are limited to health checks.
    anonymousAuthenticationConfig: { mode: 'LIMITED' },
    rbacBindingConfig: {
      enableInsecureBindingSystemAuthenticated: false,
      enableInsecureBindingSystemUnauthenticated: false,
    },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
  };
}

/** The date is arbitrary; only time and recurrence matter. */
function renderMaintenance({ cluster }: Environment): ContainerClusterMaintenancePolicy {
  const { startTimeUtc, durationHours, days, exclusions } = cluster.maintenance;
  const start = new Date(`2025-01-01T${startTimeUtc}:00Z`);
  const end = new Date(start.getTime() + durationHours * 3_600_000);
  const seconds = (time: Date) => time.toISOString().replace('.000', '');
  return {
    recurringWindow: {
      startTime: seconds(start),
      endTime: seconds(end),
      recurrence: `FREQ=WEEKLY;BYDAY=${days.join(',')}`,
    },
    ...(exclusions.length > 0 && {
      maintenanceExclusion: exclusions.map((exclusion) => ({
        exclusionName: exclusion.name,
        startTime: seconds(new Date(exclusion.start)),
        endTime: seconds(new Date(exclusion.end)),
        exclusionOptions: { scope: exclusion.scope.toUpperCase().replaceAll('-', '_') },
      })),
    }),
  };
}
