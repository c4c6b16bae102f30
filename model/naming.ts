/** Every name that two parts of the system must agree on. */

/** Namespace that the mesh control plane treats as mesh-wide. */
export const ROOT_NAMESPACE = 'istio-system';

export const INGRESS_GATEWAY = {
  name: 'ingress-gateway',
  namespace: 'ingress-gateway',
  serviceAccount: 'ingress-gateway',
} as const;

export const EGRESS_GATEWAY = {
  name: 'egress-gateway',
  namespace: 'egress-gateway',
  serviceAccount: 'egress-gateway',
} as const;

/** Version that every service has, and that takes all traffic when nothing else does. */
export const STABLE_VERSION = 'v1';

/** Fully qualified: a short name means something else in every namespace (IST0101). */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

export function workloadName(service: string, version: string): string {
  return `${service}-${version}`;
}

/**
 * The mesh's trust domain is the fleet's workload identity pool, never `cluster.local`.
 *
 * @see https://cloud.google.com/service-mesh/docs/security/authorization-policy-overview
 */
export function trustDomain(projectId: string): string {
  return `${projectId}.svc.id.goog`;
}

/** Identity as AuthorizationPolicy spells it: without `spiffe://`. */
export function principal(projectId: string, namespace: string, serviceAccount: string): string {
  return `${trustDomain(projectId)}/ns/${namespace}/sa/${serviceAccount}`;
}

/** Identity as Google IAM spells it: Workload Identity Federation for GKE, no key, no service account. */
export function iamPrincipal(
  project: { readonly id: string; readonly number: string },
  namespace: string,
  serviceAccount: string,
): string {
  const pool = `projects/${project.number}/locations/global/workloadIdentityPools/${trustDomain(project.id)}`;
  return `principal://iam.googleapis.com/${pool}/subject/ns/${namespace}/sa/${serviceAccount}`;
}

export function stackId(environment: string, stack: StackName): string {
  return `${environment}-${stack}`;
}

export const STACK_NAMES = ['network', 'cluster-and-asm', 'data', 'observability', 'mesh-policies'] as const;
export type StackName = (typeof STACK_NAMES)[number];

/** Google resources carry the mesh's name and, as projects are one per environment, nothing else. */
export function clusterName(mesh: string): string {
  return `${mesh}-mesh`;
}

export function networkName(mesh: string): string {
  return `${mesh}-vpc`;
}

/** Where a secret's latest value is mounted in the pods of the services that list it. */
export function secretMountFolder(mesh: string): string {
  return `/var/run/secrets/${mesh}`;
}

/** Prefix of the labels and annotations that this product sets and reads. Changing it here changes it everywhere. */
export const LABEL_PREFIX = 'retail-mesh';

export const LABELS = {
  app: 'app',
  version: 'version',
  canonicalName: 'service.istio.io/canonical-name',
  canonicalRevision: 'service.istio.io/canonical-revision',
  namespaceName: 'kubernetes.io/metadata.name',
  owner: `${LABEL_PREFIX}/owner`,
  tier: `${LABEL_PREFIX}/tier`,
  pciScope: `${LABEL_PREFIX}/pci-scope`,
  domain: `${LABEL_PREFIX}/domain`,
} as const;

/** A zonal cluster lives in the first zone of the environment, a regional one in the region. */
export function clusterLocation(environment: {
  readonly region: string;
  readonly zones: readonly string[];
  readonly cluster: { readonly location: 'regional' | 'zonal' };
}): string {
  const { region, zones, cluster } = environment;
  return cluster.location === 'regional' ? region : `${region}-${zones[0]}`;
}

/** Global address of the shop's load balancer. */
export function publicAddressName(mesh: string): string {
  return `${mesh}-public`;
}

export function certificateMapName(mesh: string): string {
  return `${mesh}-certificates`;
}

/** Cloud Armor policy in front of the ingress gateway. */
export function securityPolicyName(mesh: string): string {
  return `${mesh}-edge`;
}

export function sslPolicyName(mesh: string): string {
  return `${mesh}-tls`;
}

/** Secret Manager secrets behind the TLS of the hop from the load balancer to the ingress gateway. */
export const INGRESS_CERTIFICATE_SECRETS = {
  certificate: 'ingress-gateway-certificate',
  key: 'ingress-gateway-key',
} as const;

/** The database takes no federated identity, so each of its services has one Google service account. */
export function databaseServiceAccountEmail(service: string, projectId: string): string {
  return `${databaseServiceAccountId(service)}@${projectId}.iam.gserviceaccount.com`;
}

/** Google allows 30 characters; a service that uses the database keeps its name at 27 or fewer. */
export function databaseServiceAccountId(service: string): string {
  return `${service}-db`;
}

/** Host under which the mesh knows the database's private endpoint; clients connect by address. */
export function databaseHost(mesh: string): string {
  return `database.${mesh}.internal`;
}

/** AlloyDB and Cloud SQL connectors dial the first, plain PostgreSQL clients the second. */
export const DATABASE_PORTS = { connector: 5_433, postgres: 5_432 } as const;

/** For services that talk to Google APIs from inside the pod: the database connector does. */
export const GOOGLE_APIS_HOST = '*.googleapis.com';

/** Ports that the gateways' pods listen on: above 1024, as they do not run as root. */
export const GATEWAY_PORTS = { http: 8_080, https: 8_443, status: 15_021 } as const;

export function subnetName(mesh: string): string {
  return `${mesh}-nodes`;
}

/** Secondary ranges of the subnet. */
export const SUBNET_RANGES = { pods: 'pods', services: 'services' } as const;

export function databaseName(mesh: string): string {
  return `${mesh}-orders`;
}

/** Ring of the keys of every stack. It can never be deleted, so its name is the environment file's. */
export function keyRingId(environment: {
  readonly project: { readonly id: string };
  readonly region: string;
  readonly keys: { readonly ring: string };
}): string {
  const { project, region, keys } = environment;
  return `projects/${project.id}/locations/${region}/keyRings/${keys.ring}`;
}

/** Subscription that holds a message for each secret whose value is due. */
export const ROTATION_SUBSCRIPTION = 'secret-rotation';

/** Attestor whose signature says "built, tested and scanned by the pipeline". */
export const PIPELINE_ATTESTOR = 'pipeline';

/** Bucket of audit, access and network logs. */
export function logBucketName(mesh: string): string {
  return `${mesh}-evidence`;
}

/** Registry through which public images of each origin are pulled; nodes reach no other. */
export const IMAGE_MIRRORS = { dockerHub: 'docker-hub', quay: 'quay' } as const;

export function imageMirror(
  environment: { readonly project: { readonly id: string }; readonly region: string },
  mirror: keyof typeof IMAGE_MIRRORS,
): string {
  return `${environment.region}-docker.pkg.dev/${environment.project.id}/${IMAGE_MIRRORS[mirror]}`;
}

/** Range that is handed to Google where the database is reached by private services access. */
export function peeringRangeName(mesh: string): string {
  return `${mesh}-google-services`;
}

/** Kiali's pods as its chart labels them. */
export const KIALI = {
  name: 'kiali',
  namespace: 'kiali',
  podLabels: { 'app.kubernetes.io/name': 'kiali' },
} as const;

/** Query API of Managed Prometheus inside the cluster. */
export const METRICS_FRONTEND = { name: 'metrics-frontend', namespace: 'kiali', port: 9_090 } as const;

/** Account of the workflow that pauses and rolls back canaries. */
export const ROLLBACK_CONTROLLER = 'canary-rollback';

export function rollbackControllerEmail(projectId: string): string {
  return `${ROLLBACK_CONTROLLER}@${projectId}.iam.gserviceaccount.com`;
}

/**
 * Where the paths of the API server begin for callers with a Google account and no network path to it. A cluster
 * is a member of its fleet under its own name, in its region.
 *
 * @see https://cloud.google.com/kubernetes-engine/enterprise/multicluster-management/gateway
 */
export function connectGatewayUrl(environment: {
  readonly project: { readonly number: string };
  readonly region: string;
  readonly mesh: { readonly name: string };
}): string {
  const { project, region, mesh } = environment;
  return `https://${region}-connectgateway.googleapis.com/v1/projects/${project.number}/locations/${region}/gkeMemberships/${clusterName(mesh.name)}`;
}

/** Accounts of the pipelines: `plan` reads everything but secrets, `apply` changes what the stacks hold. */
export type PipelineAccount = 'plan' | 'apply';

export function pipelineAccountEmail(account: PipelineAccount, projectId: string): string {
  return `mesh-${account}@${projectId}.iam.gserviceaccount.com`;
}
