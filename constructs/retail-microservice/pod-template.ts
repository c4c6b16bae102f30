import type { IContainer } from 'kubernetes-models/v1/Container';
import type { IPodTemplateSpec } from 'kubernetes-models/v1/PodTemplateSpec';
import { duration, cpuQuantity, memoryQuantity } from '../../model/quantity';
import type { Variable } from '../../model/platform-variables';
import type { Service, Version } from '../../model/service';
import { LABELS, secretMountFolder } from '../../model/naming';
import { shutdownPlan, type ShutdownPlan } from '../../model/shutdown';
import { longestDrainMs } from '../../model/streams';
import { renderTopologySpread } from '../topology-spread';
import { configAnnotation, configMounts, configVolumes } from './config-files';

export interface PodTemplateProps {
  /** Name of the mesh, for the mount path of secrets. */
  readonly mesh: string;
  readonly service: Service;
  readonly version: Version;
  /** Environment variables of the container. */
  readonly variables: readonly Variable[];
}

/** Must be neither root nor the proxy's user 1337 (IST0144). */
const APP_USER_ID = 10_001;

/**
 * A pod that complies with Pod Security's `restricted` profile. Its proxy starts before the app and stops after it.
 * PCI DSS 2.2.6 (secure configuration), 7.2.5 (least privilege of system accounts).
 */
export function renderPodTemplate(props: PodTemplateProps): IPodTemplateSpec {
  const { service, version } = props;
  const shutdown = shutdownPlan(longestDrainMs(service, service.streams));
  return {
    metadata: {
      labels: podLabels(service, version),
      annotations: podAnnotations(service, version, shutdown),
    },
    spec: {
      serviceAccountName: version.workload,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: shutdown.gracePeriodSeconds,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: APP_USER_ID,
        runAsGroup: APP_USER_ID,
        fsGroup: APP_USER_ID,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      topologySpreadConstraints: renderTopologySpread({
        matchLabels: { app: service.name, version: version.name },
        zonesRequired: service.tier === 'critical',
      }),
      containers: [renderContainer(props, shutdown)],
      volumes: [
        { name: 'tmp', emptyDir: { sizeLimit: memoryQuantity(service.resources.diskMiB) } },
        ...secretVolumes(service),
        ...configVolumes(version),
      ],
    },
  };
}

function podLabels(service: Service, version: Version): Record<string, string> {
  return {
    [LABELS.app]: service.name,
    [LABELS.version]: version.name,
    // Metrics and SLOs use these two. Without them Istio derives the names from other labels.
    [LABELS.canonicalName]: service.name,
    [LABELS.canonicalRevision]: version.name,
    [LABELS.owner]: service.owner,
    [LABELS.tier]: service.tier,
    [LABELS.pciScope]: service.pciScope,
  };
}

function podAnnotations(service: Service, version: Version, shutdown: ShutdownPlan): Record<string, string> {
  return {
    'proxy.istio.io/config': JSON.stringify({
      holdApplicationUntilProxyStarts: true,
      terminationDrainDuration: duration(shutdown.proxyDrainSeconds * 1_000),
    }),
    // The database connector gets its credentials from the metadata server, which the proxy must not intercept.
    ...(service.database && { 'traffic.sidecar.istio.io/excludeOutboundIPRanges': '169.254.169.254/32' }),
    ...configAnnotation(version),
  };
}

function renderContainer(props: PodTemplateProps, shutdown: ShutdownPlan): IContainer {
  const { service, version } = props;
  const { cpuMillicores, memoryMiB, diskMiB } = service.resources;
  const limits = { memory: memoryQuantity(memoryMiB), 'ephemeral-storage': memoryQuantity(diskMiB) };
  const { livenessPath, readinessPath, startupSeconds, port } = service.probes;
  const probePort = port === 'admin' ? (service.adminPort ?? service.port) : service.port;
  const httpGet = (path: string) => ({ path, port: probePort });
  return {
    name: 'app',
    image: version.image,
    imagePullPolicy: 'IfNotPresent',
    ...(service.command && { command: [...service.command] }),
    ...(version.args && { args: [...version.args] }),
    ports: [
      { name: service.protocol, containerPort: service.port, protocol: 'TCP' },
      ...(service.adminPort === undefined
        ? []
        : [{ name: 'admin', containerPort: service.adminPort, protocol: 'TCP' as const }]),
    ],
    env: props.variables.map((variable) => ({ ...variable })),
    resources: {
      requests: { cpu: cpuQuantity(cpuMillicores), ...limits },
      limits,
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    startupProbe: {
      httpGet: httpGet(livenessPath),
      periodSeconds: 2,
      failureThreshold: Math.ceil(startupSeconds / 2),
    },
    readinessProbe: { httpGet: httpGet(readinessPath), periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { httpGet: httpGet(livenessPath), periodSeconds: 10, failureThreshold: 3 },
    lifecycle: { preStop: { sleep: { seconds: shutdown.preStopSeconds } } },
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      ...secretMounts(service, props.mesh),
      ...configMounts(version),
    ],
  };
}

function secretVolumes(service: Service) {
  if (service.secrets.length === 0) return [];
  return [
    {
      name: 'secrets',
      csi: {
        driver: 'secrets-store-gke.csi.k8s.io',
        readOnly: true,
        volumeAttributes: { secretProviderClass: service.name },
      },
    },
  ];
}

function secretMounts(service: Service, mesh: string) {
  if (service.secrets.length === 0) return [];
  return [{ name: 'secrets', mountPath: secretMountFolder(mesh), readOnly: true }];
}
