/** Facts of every kind of resource that configures the mesh. Other resources are reviewed by address only. */
import { ROOT_NAMESPACE } from '../../naming';
import { textAt } from '../json';
import { parseManifest, type ParsedManifest, type ResourceState } from '../resource-change';
import { accessFacts, networkPolicyFacts } from './access';
import { circuitBreakerFacts } from './circuit-breaker';
import { cloudArmorFacts } from './cloud-armor';
import { THE_MESH, workloadParts, type Fact, type Setting } from './fact';
import { firewallFacts } from './firewall';
import { grantFacts, isGrant } from './grants';
import { channelFacts } from './notifications';
import { alertFacts, objectiveFacts } from './objectives';
import { routeFacts } from './routes';
import { clientTlsFacts, listenerFacts, mutualTlsFacts } from './transport';
import { watchedFacts, type WatchedType } from './watched';
import { CLUSTER_TYPES } from './watched-cluster';
import { DATA_TYPES } from './watched-data';
import { NETWORK_TYPES } from './watched-network';
import { OBJECT_TYPES } from './watched-objects';
import { autoscalerFacts, deploymentFacts, tokenFacts } from './workloads';

type ManifestReader = (manifest: ParsedManifest, source: string) => Fact[];

const MANIFEST_READERS: Readonly<Record<string, readonly ManifestReader[]>> = {
  'networking.istio.io/VirtualService': [routeFacts],
  'networking.istio.io/DestinationRule': [circuitBreakerFacts, clientTlsFacts],
  'networking.istio.io/Gateway': [listenerFacts],
  'security.istio.io/AuthorizationPolicy': [accessFacts],
  'security.istio.io/PeerAuthentication': [mutualTlsFacts],
  'security.istio.io/RequestAuthentication': [tokenFacts],
  'networking.k8s.io/NetworkPolicy': [networkPolicyFacts],
  'apps/Deployment': [deploymentFacts],
  'autoscaling/HorizontalPodAutoscaler': [autoscalerFacts],
};

const RESOURCE_READERS: Readonly<Record<string, (resource: ResourceState) => Fact[]>> = {
  google_monitoring_slo: objectiveFacts,
  google_monitoring_alert_policy: alertFacts,
  google_monitoring_notification_channel: channelFacts,
  google_compute_network_firewall_policy_rule: firewallFacts,
  google_compute_security_policy: cloudArmorFacts,
};

/** Watched types of Google Cloud, by the subject of their headlines. */
export const WATCHED_RESOURCES: Readonly<Record<string, Readonly<Record<string, WatchedType>>>> = {
  cluster: CLUSTER_TYPES,
  network: NETWORK_TYPES,
  data: DATA_TYPES,
};
export { OBJECT_TYPES as WATCHED_OBJECTS };

/** Types that are reviewed by address only, and why no change of them is dangerous. */
export const GENERIC_TYPES: Readonly<Record<string, string>> = {
  google_monitoring_service: 'only groups SLOs, which have facts',
  google_monitoring_custom_service: 'only groups SLOs, which have facts',
  google_monitoring_dashboard: 'nothing depends on a dashboard',
  terraform_data: 'waits for the mesh and configures nothing',
};

export function isDescribed(resource: ResourceState): boolean {
  const manifest = parseManifest(resource);
  if (isGrant(resource)) return true;
  const { type } = resource;
  if (manifest === undefined) return type in RESOURCE_READERS || watchedResource(type) !== undefined;
  const kind = kindOf(manifest);
  return kind in MANIFEST_READERS || kind in OBJECT_TYPES;
}

export function readFacts(resource: ResourceState): Fact[] {
  const { type, values, address } = resource;
  const grants = isGrant(resource) ? grantFacts(resource) : [];
  const manifest = parseManifest(resource);
  if (manifest === undefined) {
    const watched = watchedResource(type);
    const name = ['name', 'secret_id', 'cluster_id', 'instance_id', 'bucket_id', 'service'].flatMap(
      (field) => textAt(values, field) ?? [],
    )[0];
    return [
      ...grants,
      ...(RESOURCE_READERS[type]?.(resource) ?? []),
      ...(watched === undefined
        ? []
        : watchedFacts(watched.type, { subject: watched.subject }, name ?? address, values, resource)),
    ];
  }
  const kind = kindOf(manifest);
  const watched = OBJECT_TYPES[kind];
  return [
    ...(MANIFEST_READERS[kind] ?? []).flatMap((read) => read(manifest, address)),
    ...grants,
    ...(watched === undefined
      ? []
      : watchedFacts(watched, ownerOf(manifest), manifest.name, manifest.json, resource)),
  ];
}

function kindOf({ apiVersion, kind }: ParsedManifest): string {
  const [group, version] = apiVersion.split('/');
  return `${version === undefined ? '' : group}/${kind}`;
}

function watchedResource(type: string): { readonly subject: string; readonly type: WatchedType } | undefined {
  for (const [subject, types] of Object.entries(WATCHED_RESOURCES))
    if (types[type] !== undefined) return { subject, type: types[type] };
  return undefined;
}

/** The workload that an object belongs to, else its namespace. */
function ownerOf({ name, namespace, labels, kind }: ParsedManifest): Pick<Setting, 'subject' | 'version'> {
  const { service, version } = workloadParts(name);
  const app = textAt(labels, 'app') ?? (version === undefined ? undefined : service);
  if (app !== undefined) return { subject: app, ...(version !== undefined && { version }) };
  if (kind === 'Namespace') return { subject: name };
  return { subject: namespace === '' || namespace === ROOT_NAMESPACE ? THE_MESH : namespace };
}
