/** What GKE returns for a cluster: the provider dereferences nested objects without a check, so all are present. */
import type { ApiCall } from '../engine/call';
import { lastSegment, type ApiObject } from '../engine/json';
import type { CloudState } from '../engine/world';

export interface Cluster extends ApiObject {
  readonly name: string;
  readonly network?: string;
  readonly subnetwork?: string;
  readonly nodePools?: readonly NodePool[];
  readonly nodeConfig?: ApiObject;
  readonly initialNodeCount?: number;
  readonly locations?: readonly string[];
  readonly autopilot?: { readonly enabled?: boolean };
  readonly fleet?: { readonly project?: string };
  readonly workloadIdentityConfig?: { readonly workloadPool?: string };
}
export interface NodePool extends ApiObject {
  readonly name: string;
}

const VERSION = '1.34.1-gke.1000';

export function renderCluster(world: CloudState, cluster: Cluster, name: string): ApiObject {
  const [, location = ''] = /locations\/([^/]+)/.exec(name) ?? [];
  const zonal = /-[a-z]$/.test(location);
  const region = location.replace(/-[a-z]$/, '');
  const { nodePools: _pools, ...rest } = cluster;
  const network = lastSegment(cluster.network ?? 'default');
  const subnetwork = lastSegment(cluster.subnetwork ?? 'default');
  return {
    ...emptyParts(),
    ...rest,
    ...(cluster.autopilot?.enabled && {
      autoscaling: { ...child(rest, 'autoscaling'), enableNodeAutoprovisioning: true },
      shieldedNodes: { enabled: true },
    }),
    location,
    locations: cluster.locations?.length ? cluster.locations : [zonal ? location : `${location}-b`],
    ...(zonal && { zone: location }),
    id: world.uid(),
    selfLink: `https://container.googleapis.com/v1/${name}`,
    status: 'RUNNING',
    endpoint: '10.10.0.2',
    currentMasterVersion: VERSION,
    currentNodeVersion: VERSION,
    initialClusterVersion: VERSION,
    clusterIpv4Cidr: '10.12.0.0/16',
    servicesIpv4Cidr: '10.11.0.0/20',
    labelFingerprint: 'a9dc16a7',
    etag: world.fingerprint(),
    createTime: world.timestamp(),
    loggingService: 'logging.googleapis.com/kubernetes',
    monitoringService: 'monitoring.googleapis.com/kubernetes',
    network,
    subnetwork,
    defaultMaxPodsConstraint: rest['defaultMaxPodsConstraint'] ?? { maxPodsPerNode: '110' },
    controlPlaneEndpointsConfig: {
      ...child(rest, 'controlPlaneEndpointsConfig'),
      dnsEndpointConfig: {
        ...child(child(rest, 'controlPlaneEndpointsConfig'), 'dnsEndpointConfig'),
        endpoint: world.clusterEndpoint ?? `gke-0123456789abcdef-${world.projectNumber}.${region}.gke.goog`,
      },
      ipEndpointsConfig: {
        authorizedNetworksConfig: {},
        privateEndpoint: '10.10.0.2',
        ...child(child(rest, 'controlPlaneEndpointsConfig'), 'ipEndpointsConfig'),
      },
    },
    ipAllocationPolicy: {
      useIpAliases: true,
      clusterIpv4CidrBlock: '10.12.0.0/16',
      servicesIpv4CidrBlock: '10.11.0.0/20',
      stackType: 'IPV4',
      podCidrOverprovisionConfig: {},
      defaultPodIpv4RangeUtilization: 0.01,
      ...child(rest, 'ipAllocationPolicy'),
    },
    maintenancePolicy: {
      resourceVersion: 'e3b0c442',
      ...child(rest, 'maintenancePolicy'),
      window: child(child(rest, 'maintenancePolicy'), 'window'),
    },
    masterAuth: { clusterCaCertificate: 'LS0t', clientCertificateConfig: {}, ...child(rest, 'masterAuth') },
    monitoringConfig: {
      componentConfig: {},
      managedPrometheusConfig: {},
      ...child(rest, 'monitoringConfig'),
    },
    networkConfig: {
      defaultSnatStatus: {},
      serviceExternalIpsConfig: {},
      ...child(rest, 'networkConfig'),
      network: `projects/${world.projectId}/global/networks/${network}`,
      subnetwork: `projects/${world.projectId}/regions/${region}/subnetworks/${subnetwork}`,
    },
    nodeConfig: cluster.nodeConfig ?? {},
    nodePoolAutoConfig: rest['nodePoolAutoConfig'] ?? {
      nodeKubeletConfig: { insecureKubeletReadonlyPortEnabled: false },
    },
    privateClusterConfig: {
      privateEndpoint: '10.10.0.2',
      publicEndpoint: '',
      masterGlobalAccessConfig: {},
      ...child(rest, 'privateClusterConfig'),
    },
  };
}

export function renderNodePool(pool: NodePool, name: string): ApiObject {
  const [, location = ''] = /locations\/([^/]+)/.exec(name) ?? [];
  const config = child(pool, 'config');
  return {
    ...pool,
    selfLink: `https://container.googleapis.com/v1/${name}`,
    status: 'RUNNING',
    version: VERSION,
    initialNodeCount: pool['initialNodeCount'] ?? 1,
    locations: pool['locations'] ?? [location],
    instanceGroupUrls: [],
    podIpv4CidrSize: 24,
    etag: 'p1',
    autoscaling: pool['autoscaling'] ?? {},
    management: pool['management'] ?? { autoRepair: true, autoUpgrade: true },
    maxPodsConstraint: pool['maxPodsConstraint'] ?? { maxPodsPerNode: '110' },
    upgradeSettings: { maxSurge: 1, strategy: 'SURGE', ...child(pool, 'upgradeSettings') },
    networkConfig: { podRange: 'pods', podIpv4CidrBlock: '10.12.0.0/16', ...child(pool, 'networkConfig') },
    config: {
      machineType: 'e2-medium',
      diskSizeGb: 100,
      diskType: 'pd-balanced',
      imageType: 'COS_CONTAINERD',
      serviceAccount: 'default',
      metadata: { 'disable-legacy-endpoints': 'true' },
      effectiveCgroupMode: 'EFFECTIVE_CGROUP_MODE_V2',
      ...config,
      shieldedInstanceConfig: { enableIntegrityMonitoring: true, ...child(config, 'shieldedInstanceConfig') },
    },
  };
}

/** The request has the fields of a node's configuration beside those of the pool, and some numbers as text. */
export function changedNodePool(
  pool: ApiObject,
  { body, document }: Pick<ApiCall, 'body' | 'document'>,
): ApiObject {
  const ofNodes = document.schemas['NodeConfig']?.properties ?? {};
  const { nodeVersion, ...fields } = body;
  const entries = Object.entries(fields);
  const config = entries
    .filter(([name]) => name in ofNodes)
    .map(([name, value]) => [name, ofNodes[name]?.type === 'integer' ? Number(value) : value] as const);
  return {
    ...pool,
    ...Object.fromEntries(entries.filter(([name]) => !(name in ofNodes))),
    ...(nodeVersion !== undefined && { version: nodeVersion }),
    config: { ...child(pool, 'config'), ...Object.fromEntries(config) },
  };
}

/** Pools of a new cluster: those of the request, or the one that GKE creates and Terraform removes. */
export function initialPools({
  nodePools = [],
  nodeConfig,
  initialNodeCount = 1,
}: Cluster): readonly NodePool[] {
  return nodePools.length > 0 ? nodePools : [{ name: 'default-pool', initialNodeCount, config: nodeConfig }];
}

function emptyParts(): ApiObject {
  return {
    addonsConfig: {},
    autopilot: {},
    autoscaling: {},
    binaryAuthorization: {},
    costManagementConfig: {},
    databaseEncryption: { state: 'DECRYPTED' },
    legacyAbac: {},
    loggingConfig: { componentConfig: {} },
    masterAuthorizedNetworksConfig: {},
    meshCertificates: {},
    nodePoolDefaults: { nodeConfigDefaults: {} },
    notificationConfig: { pubsub: {} },
    securityPostureConfig: {},
    shieldedNodes: {},
    verticalPodAutoscaling: {},
    releaseChannel: { channel: 'REGULAR' },
  };
}

function child(object: ApiObject, field: string): ApiObject {
  return (object[field] as ApiObject | undefined) ?? {};
}
