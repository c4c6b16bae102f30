/** Completeness: every object is one that the catalogue needs, and none is missing. */
import type { Environment } from '../../model/environment';
import { declaredBackends } from './declared-streams';
import { describe, type KubernetesManifest } from '../kubernetes/kubernetes-object';
import type { Judge, Subject } from './subject';

export const inventoryJudge: Judge = {
  name: 'inventory',
  kinds: 'all',
  judge: (subject) => {
    const expected = new Set(expectedObjects(subject.environment));
    const actual = subject.objects.map(nameOf);
    const twice = actual.filter((name, index) => actual.indexOf(name) !== index);
    return [
      ...[...expected].filter((name) => !actual.includes(name)).map((name) => `${name} is missing`),
      ...actual
        .filter((name) => !expected.has(name))
        .map((name) => `nothing in the catalogue explains ${name}`),
      ...twice.map((name) => `${name} exists twice`),
    ];
  },
};

/** With the API group, because two groups have a kind `Gateway`. */
function nameOf(object: KubernetesManifest): string {
  const [group = '', version] = object.apiVersion.split('/');
  return `${describe(object)} (${version === undefined ? 'core' : group})`;
}

const GROUPS: Readonly<Record<string, string>> = {
  Namespace: 'core',
  Service: 'core',
  ServiceAccount: 'core',
  ConfigMap: 'core',
  Deployment: 'apps',
  HorizontalPodAutoscaler: 'autoscaling',
  PodDisruptionBudget: 'policy',
  NetworkPolicy: 'networking.k8s.io',
  AuthorizationPolicy: 'security.istio.io',
  PeerAuthentication: 'security.istio.io',
  RequestAuthentication: 'security.istio.io',
  Gateway: 'networking.istio.io',
  VirtualService: 'networking.istio.io',
  DestinationRule: 'networking.istio.io',
  ServiceEntry: 'networking.istio.io',
  Sidecar: 'networking.istio.io',
  Telemetry: 'telemetry.istio.io',
  Role: 'rbac.authorization.k8s.io',
  RoleBinding: 'rbac.authorization.k8s.io',
  ClusterRole: 'rbac.authorization.k8s.io',
  ClusterRoleBinding: 'rbac.authorization.k8s.io',
  SecretProviderClass: 'secrets-store.csi.x-k8s.io',
  ValidatingAdmissionPolicy: 'admissionregistration.k8s.io',
  ValidatingAdmissionPolicyBinding: 'admissionregistration.k8s.io',
  HTTPRoute: 'gateway.networking.k8s.io',
  GCPBackendPolicy: 'networking.gke.io',
  HealthCheckPolicy: 'networking.gke.io',
  GCPGatewayPolicy: 'networking.gke.io',
  ClusterPodMonitoring: 'monitoring.googleapis.com',
};

const of = (name: string, namespace: string | undefined, ...kinds: readonly string[]): string[] =>
  kinds.map((kind) => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name} (${GROUPS[kind]})`);

function expectedObjects(environment: Environment): string[] {
  return [
    ...baseline(environment),
    ...environment.domains.flatMap(({ namespace }) => [
      ...of('operators', namespace, 'RoleBinding'),
      ...of('viewers', namespace, 'RoleBinding'),
    ]),
    ...environment.services.flatMap(ofService),
    ...publicEdge(environment),
    ...thirdParties(environment),
    ...canaries(environment),
    ...(environment.kiali.enabled ? graphTool() : []),
  ];
}

/** Namespaces of the mesh, each with default deny for requests and for connections. */
export function meshNamespaces(environment: Environment): string[] {
  return [
    ...environment.domains.map(({ namespace }) => namespace),
    'ingress-gateway',
    ...(environment.externals.length > 0 ? ['egress-gateway'] : []),
    ...(mayHaveCanaries(environment) ? ['canary-rollback'] : []),
  ];
}

export function mayHaveCanaries({ services }: Environment): boolean {
  return services.some(({ canaryPolicy }) => canaryPolicy !== undefined);
}

function baseline(environment: Environment): string[] {
  const { services, mesh } = environment;
  return [
    ...meshNamespaces(environment).flatMap((namespace) => [
      ...of(namespace, undefined, 'Namespace'),
      ...of('deny-all', namespace, 'AuthorizationPolicy', 'NetworkPolicy'),
    ]),
    ...of('deny-all', 'istio-system', 'AuthorizationPolicy'),
    ...of('default', 'istio-system', 'PeerAuthentication', 'Sidecar'),
    ...of('mesh-default', 'istio-system', 'Telemetry'),
    ...of('mesh-proxies', undefined, 'ClusterPodMonitoring'),
    ...of('token-keys', 'istio-system', 'ServiceEntry', 'DestinationRule'),
    ...(services.some(({ database }) => database)
      ? ['database', 'google-apis'].flatMap((name) => of(name, 'istio-system', 'ServiceEntry'))
      : []),
    ...['viewer', 'operator'].flatMap((role) => of(`${mesh.name}-${role}`, undefined, 'ClusterRole')),
    ...of(`${mesh.name}-platform-admins`, undefined, 'ClusterRoleBinding'),
  ];
}

function ofService(
  service: Environment['services'][number],
  _: number,
  all: Environment['services'],
): string[] {
  const { name, namespace, versions, ingress, secrets } = service;
  const isCalled =
    ingress.length > 0 ||
    all.some((caller) => caller.versions.some(({ calls }) => calls.some((call) => call.service === name)));
  return [
    ...of(name, namespace, 'Service', 'VirtualService'),
    ...(isCalled ? of(name, namespace, 'AuthorizationPolicy') : []),
    ...(ingress.some(({ jwt }) => jwt === 'required') ? of(name, namespace, 'RequestAuthentication') : []),
    ...(secrets.length > 0 ? of(name, namespace, 'SecretProviderClass') : []),
    ...(service.streams.length > 0 ? of(`${name}-streams`, namespace, 'Service', 'DestinationRule') : []),
    ...versions.flatMap(({ workload, files }) => [
      ...of(workload, namespace, ...workloadKinds, 'DestinationRule', 'Sidecar', 'NetworkPolicy'),
      ...(Object.keys(files).length > 0 ? of(workload, namespace, 'ConfigMap') : []),
    ]),
  ];
}

const workloadKinds = [
  'Deployment',
  'Service',
  'ServiceAccount',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
] as const;

function publicEdge(environment: Environment): string[] {
  const { services, domainNames, ingress, mesh } = environment;
  const gateway = 'ingress-gateway';
  const routed = (['web', 'api'] as const).filter((host) =>
    services.some((service) => service.ingress.some((route) => route.host === host)),
  );
  const hosts = domainNames.web === domainNames.api ? routed.slice(0, 1).map(() => 'web') : routed;
  return [
    ...of(gateway, gateway, ...workloadKinds, 'Gateway', 'AuthorizationPolicy', 'RequestAuthentication'),
    ...of(gateway, gateway, 'NetworkPolicy', 'GCPBackendPolicy', 'HealthCheckPolicy'),
    ...(ingress.hopEncryption === 'certificate' ? of(gateway, gateway, 'SecretProviderClass') : []),
    `Gateway ${gateway}/public (gateway.networking.k8s.io)`,
    ...of('public', gateway, 'GCPGatewayPolicy'),
    ...of(mesh.name, gateway, 'HTTPRoute'),
    ...of(`${mesh.name}-redirect`, gateway, 'HTTPRoute'),
    ...hosts.flatMap((host) => of(host, gateway, 'VirtualService')),
    ...declaredBackends(environment).flatMap(({ kind, paths }) => [
      ...of(`${gateway}-${kind}`, gateway, 'Service', 'GCPBackendPolicy', 'HealthCheckPolicy'),
      ...hosts
        .filter((host) => paths.has(domainNames[host as 'web' | 'api']))
        .flatMap((host) => of(`${mesh.name}-${kind}-${host}`, gateway, 'HTTPRoute')),
    ]),
  ];
}

function thirdParties({ externals }: Environment): string[] {
  const gateway = 'egress-gateway';
  if (externals.length === 0) return [];
  return [
    ...of(gateway, gateway, ...workloadKinds, 'Gateway', 'AuthorizationPolicy', 'NetworkPolicy'),
    ...of(gateway, gateway, 'DestinationRule'),
    ...externals.flatMap(({ name }) =>
      of(name, gateway, 'ServiceEntry', 'VirtualService', 'DestinationRule'),
    ),
  ];
}

/** The rollback controller's rights, and the policies that enforce weight caps. */
function canaries(environment: Environment): string[] {
  if (!mayHaveCanaries(environment)) return [];
  const { mesh } = environment;
  const rollback = `${mesh.name}-canary-rollback`;
  return [
    ...['canary-rollback', 'weight-cap', 'weight-cap-record'].flatMap((name) =>
      of(`${mesh.name}-${name}`, undefined, 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'),
    ),
    ...['apply', 'plan'].flatMap((account) =>
      of(`${mesh.name}-${account}`, undefined, 'ClusterRole', 'ClusterRoleBinding'),
    ),
    ...of(rollback, undefined, 'ClusterRole'),
    ...of(rollback, 'canary-rollback', 'Role', 'RoleBinding'),
    ...of('viewers', 'canary-rollback', 'RoleBinding'),
    ...splitNamespaces(environment).flatMap((namespace) => of('canary-rollback', namespace, 'RoleBinding')),
  ];
}

/** Where routes may split requests between versions: at the public hosts, and beside the services with canaries. */
export function splitNamespaces({ services }: Environment): string[] {
  return [
    'ingress-gateway',
    ...new Set(services.flatMap(({ canaryPolicy, namespace }) => (canaryPolicy ? [namespace] : []))),
  ];
}

function graphTool(): string[] {
  return [
    ...of('kiali', undefined, 'Namespace'),
    ...of('deny-all', 'kiali', 'NetworkPolicy'),
    ...of('kiali', 'kiali', 'NetworkPolicy'),
    ...of('metrics-frontend', 'kiali', 'Deployment', 'Service', 'ServiceAccount', 'NetworkPolicy'),
  ];
}

/** Objects whose presence another judge needs. */
export function findObject(subject: Subject, kind: string, namespace: string | undefined, name: string) {
  return subject.objects.find(
    (object) =>
      object.kind === kind && object.metadata.namespace === namespace && object.metadata.name === name,
  );
}
