/** Names that several stacks, tools or clusters must agree on. */

/** Mesh configuration in this namespace applies to every namespace. */
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

/** Version that every service has. It takes all traffic unless a canary runs. */
export const STABLE_VERSION = 'v1';

/** Fully qualified, since a short name resolves differently in each namespace (IST0101). */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

export function workloadName(service: string, version: string): string {
  return `${service}-${version}`;
}

/**
 * Kubernetes Service that a service's streams go to. It has a connection pool of its own, and metrics name it, so that
 * latency objectives can leave streams out.
 */
export function streamServiceName(service: string): string {
  return `${service}-streams`;
}

/**
 * The trust domain of managed Cloud Service Mesh is the fleet's workload identity pool, not `cluster.local`.
 *
 * @see https://cloud.google.com/service-mesh/docs/security/authorization-policy-overview
 */
export function trustDomain(projectId: string): string {
  return `${projectId}.svc.id.goog`;
}

/** Principal in AuthorizationPolicy notation: a SPIFFE id without `spiffe://`. */
export function principal(projectId: string, namespace: string, serviceAccount: string): string {
  return `${trustDomain(projectId)}/ns/${namespace}/sa/${serviceAccount}`;
}

/** IAM principal of a Kubernetes service account, by Workload Identity Federation for GKE. */
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

/** Names of Google resources need no environment: each environment has a project of its own. */
export function clusterName(mesh: string): string {
  return `${mesh}-mesh`;
}

export function networkName(mesh: string): string {
  return `${mesh}-vpc`;
}

/** Mount path of secrets in the pods of services that list them. */
export function secretMountFolder(mesh: string): string {
  return `/var/run/secrets/${mesh}`;
}

/** Folder of a service's configuration files. */
export const CONFIG_FOLDER = '/etc/config';

/** Prefix of this product's labels and annotations. */
export const LABEL_PREFIX = 'retail-mesh';

/** Annotation of a Deployment whose image skipped the promotion: ticket and reason. */
export const HOTFIX_ANNOTATION = `${LABEL_PREFIX}/hotfix`;

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
  configHash: `${LABEL_PREFIX}/config-hash`,
} as const;

/** Location of the cluster: the first zone if it is zonal, else the region. */
export function clusterLocation(environment: {
  readonly region: string;
  readonly zones: readonly string[];
  readonly cluster: { readonly location: 'regional' | 'zonal' };
}): string {
  const { region, zones, cluster } = environment;
  return cluster.location === 'regional' ? region : `${region}-${zones[0]}`;
}

/** Name of the global IP address of the load balancer. */
export function publicAddressName(mesh: string): string {
  return `${mesh}-public`;
}

/** Name of the public DNS zone at Google. */
export function publicZoneName(domain: string): string {
  return domain.replaceAll('.', '-');
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

/** Secret Manager secrets for TLS between load balancer and ingress gateway. */
export const INGRESS_CERTIFICATE_SECRETS = {
  certificate: 'ingress-gateway-certificate',
  key: 'ingress-gateway-key',
} as const;

/** Google service account of a service that uses the database, which accepts no federated identity. */
export function databaseServiceAccountEmail(service: string, projectId: string): string {
  return `${databaseServiceAccountId(service)}@${projectId}.iam.gserviceaccount.com`;
}

/** Database user of the service. Both engines name an account by its e-mail address without the suffix. */
export function databaseLogin(service: string, projectId: string): string {
  return databaseServiceAccountEmail(service, projectId).replace('.gserviceaccount.com', '');
}

/** At most 30 characters, so the service's name has at most 27. */
export function databaseServiceAccountId(service: string): string {
  return `${service}-db`;
}

/** Host name of the database's private endpoint in the service registry. Clients connect by address. */
export function databaseHost(mesh: string): string {
  return `database.${mesh}.internal`;
}

/**
 * `connector` for Google's connectors, `postgres` for PostgreSQL clients.
 *
 * @see https://cloud.google.com/alloydb/docs/auth-proxy/overview
 * @see https://cloud.google.com/sql/docs/postgres/sql-proxy
 */
export function databasePorts({ engine }: { readonly engine: 'alloydb' | 'cloud-sql' }) {
  return { connector: engine === 'alloydb' ? 5_433 : 3_307, postgres: 5_432 } as const;
}

/** For services whose pods call Google APIs, such as the database connector. */
export const GOOGLE_APIS_HOST = '*.googleapis.com';

/** Ports of the gateways' pods: above 1024, because they do not run as root. */
export const GATEWAY_PORTS = { http: 8_080, https: 8_443, status: 15_021 } as const;

export function subnetName(mesh: string): string {
  return `${mesh}-nodes`;
}

/** Secondary ranges of the subnet. */
export const SUBNET_RANGES = { pods: 'pods', services: 'services' } as const;

/** Name of the AlloyDB cluster or Cloud SQL instance. */
export function databaseName(environment: {
  readonly mesh: { readonly name: string };
  readonly database: { readonly resourceName: string };
}): string {
  return `${environment.mesh.name}-${environment.database.resourceName}`;
}

/** The only instance of an AlloyDB cluster. */
export const ALLOYDB_INSTANCE = 'primary';

/** Key ring of all stacks. Key rings cannot be deleted, so the environment file chooses the name. */
export function keyRingId(environment: {
  readonly project: { readonly id: string };
  readonly region: string;
  readonly keys: { readonly ring: string };
}): string {
  const { project, region, keys } = environment;
  return `projects/${project.id}/locations/${region}/keyRings/${keys.ring}`;
}

/** Key ring of the Terraform state, created by the bootstrap: a key in `keys.ring` cannot encrypt its own state. */
export const STATE_KEY_RING = 'terraform-state';

/** Subscription with one message for each secret that is due for rotation. */
export const ROTATION_SUBSCRIPTION = 'secret-rotation';

/** Attestor of images that the pipeline has built, tested and scanned. */
export const PIPELINE_ATTESTOR = 'pipeline';

/** Key of the attestor. It never leaves Cloud KMS. */
export const ATTESTATION_KEY = 'image-attestation';

/** Bucket of audit, access and network logs. */
export function logBucketName(mesh: string): string {
  return `${mesh}-evidence`;
}

/** Repository of the shop's images in the environment's project. Image names follow after a slash. */
export function shopRepository(environment: {
  readonly project: { readonly id: string };
  readonly region: string;
  readonly mesh: { readonly name: string };
}): string {
  const { project, region, mesh } = environment;
  return `${region}-docker.pkg.dev/${project.id}/${mesh.name}`;
}

/** Remote repositories for public images. Nodes cannot reach public registries. */
export const IMAGE_MIRRORS = { dockerHub: 'docker-hub', quay: 'quay' } as const;

export function imageMirror(
  environment: { readonly project: { readonly id: string }; readonly region: string },
  mirror: keyof typeof IMAGE_MIRRORS,
): string {
  return `${environment.region}-docker.pkg.dev/${environment.project.id}/${IMAGE_MIRRORS[mirror]}`;
}

/** IP range allocated to Google for a database with private services access. */
export function peeringRangeName(mesh: string): string {
  return `${mesh}-google-services`;
}

/** Kiali's pods, as its chart labels them. */
export const KIALI = {
  name: 'kiali',
  namespace: 'kiali',
  podLabels: { 'app.kubernetes.io/name': 'kiali' },
} as const;

/** In-cluster frontend of the Managed Prometheus query API. */
export const METRICS_FRONTEND = { name: 'metrics-frontend', namespace: 'kiali', port: 9_090 } as const;

/** Service account of the workflow that pauses and rolls back canaries. */
export const ROLLBACK_CONTROLLER = 'canary-rollback';

export function rollbackControllerEmail(projectId: string): string {
  return `${ROLLBACK_CONTROLLER}@${projectId}.iam.gserviceaccount.com`;
}

/**
 * Base URL of the cluster's API server behind the connect gateway, for callers with a Google account and no network
 * path. The cluster's fleet membership has the cluster's name and is in its region.
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

/** Service accounts of the pipelines: `plan` reads everything but secrets, `apply` changes the stacks' resources. */
export type PipelineAccount = 'plan' | 'apply';

/** Accounts of a project with a login for workflows. `release` copies and signs images. */
export type ProjectAccount = PipelineAccount | 'release';

export function pipelineAccountEmail(account: ProjectAccount, projectId: string): string {
  return `mesh-${account}@${projectId}.iam.gserviceaccount.com`;
}
