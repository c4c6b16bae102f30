/** The response of `projects.locations.clusters.get` for one of our clusters. */

export interface ClusterReplyOptions {
  readonly projectId: string;
  readonly location: string;
  readonly name: string;
  /** Host and port of the Kubernetes API, instead of Google's DNS endpoint. */
  readonly endpoint: string;
}

/**
 * The provider dereferences every nested object and crashes if one is missing, so all of them are there and most are
 * empty.
 */
export function renderClusterReply(options: ClusterReplyOptions): Record<string, unknown> {
  const { projectId, location, name, endpoint } = options;
  return {
    name,
    location,
    locations: [`${location}-b`],
    selfLink: `https://container.googleapis.com/v1/projects/${projectId}/locations/${location}/clusters/${name}`,
    status: 'RUNNING',
    endpoint: '127.0.0.1',
    currentMasterVersion: '1.34.1-gke.1000',
    currentNodeVersion: '1.34.1-gke.1000',
    clusterIpv4Cidr: '10.12.0.0/16',
    servicesIpv4Cidr: '10.11.0.0/20',
    loggingService: 'logging.googleapis.com/kubernetes',
    monitoringService: 'monitoring.googleapis.com/kubernetes',
    resourceLabels: {},
    labelFingerprint: 'a9dc16a7',
    addonsConfig: {},
    autopilot: {},
    autoscaling: {},
    binaryAuthorization: {},
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: { endpoint, allowExternalTraffic: true },
      ipEndpointsConfig: { enabled: false, authorizedNetworksConfig: {} },
    },
    costManagementConfig: {},
    databaseEncryption: { state: 'DECRYPTED' },
    defaultMaxPodsConstraint: { maxPodsPerNode: '110' },
    fleet: { project: projectId },
    ipAllocationPolicy: { useIpAliases: true },
    legacyAbac: {},
    loggingConfig: { componentConfig: {} },
    maintenancePolicy: { window: {}, resourceVersion: 'e3b0c442' },
    masterAuth: { clientCertificateConfig: {} },
    masterAuthorizedNetworksConfig: {},
    meshCertificates: {},
    monitoringConfig: { componentConfig: {}, managedPrometheusConfig: {} },
    networkConfig: {
      network: `projects/${projectId}/global/networks/shop-vpc`,
      subnetwork: `projects/${projectId}/regions/${location}/subnetworks/shop-nodes`,
      datapathProvider: 'ADVANCED_DATAPATH',
      defaultSnatStatus: {},
      dnsConfig: {},
      gatewayApiConfig: { channel: 'CHANNEL_STANDARD' },
      serviceExternalIpsConfig: {},
    },
    nodeConfig: {},
    nodePoolAutoConfig: {},
    nodePoolDefaults: { nodeConfigDefaults: {} },
    nodePools: [],
    notificationConfig: { pubsub: {} },
    privateClusterConfig: { enablePrivateNodes: true },
    releaseChannel: { channel: 'STABLE' },
    secretManagerConfig: { enabled: true },
    securityPostureConfig: {},
    shieldedNodes: { enabled: true },
    verticalPodAutoscaling: {},
    workloadIdentityConfig: { workloadPool: `${projectId}.svc.id.goog` },
  };
}
