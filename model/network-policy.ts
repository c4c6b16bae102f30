/**
 * Network policies: L3/L4 connections between pods. The nodes enforce them independently of the proxies, so a
 * compromised proxy cannot open a connection outside of the call graph. PCI DSS 1.3.1, 1.3.2.
 */
import { egressGatewayWorkload, type CallGraph, type WorkloadIdentity } from './call-graph';
import { checksTokens } from './egress-scope';
import type { Environment } from './environment';
import {
  GOOGLE_API_VIP_CIDR,
  GOOGLE_FRONT_END_CIDRS,
  METADATA_SERVER_PORTS,
  NODE_LOCAL_DNS_CIDR,
  PRIVATE_CIDRS,
} from './google-addresses';
import { databasePorts, GATEWAY_PORTS } from './naming';
import type { EnvironmentSpec } from './schema/environment-schema';
import type { Service, Version } from './service';

export interface Port {
  readonly number: number;
  readonly protocol: 'TCP' | 'UDP';
}

export type Peer =
  | { readonly workload: Pick<WorkloadIdentity, 'namespace' | 'podLabels'> }
  | { readonly cidr: string; readonly except?: readonly string[] };

export interface NetworkPolicyRule {
  readonly peers: readonly Peer[];
  readonly ports: readonly Port[];
}

export interface NetworkPolicyIntent {
  readonly podLabels: Readonly<Record<string, string>>;
  readonly ingress: readonly NetworkPolicyRule[];
  readonly egress: readonly NetworkPolicyRule[];
}

export const tcp = (...numbers: number[]): Port[] => numbers.map((number) => ({ number, protocol: 'TCP' }));

/** Managed Prometheus scrapes the proxies, on Standard and on Autopilot: 15090 Envoy, 15020 Envoy and app. */
const SCRAPE: NetworkPolicyRule = {
  peers: ['gmp-system', 'gke-gmp-system'].map((namespace) => ({ workload: { namespace, podLabels: {} } })),
  ports: tcp(15_020, 15_090),
};

/** Every pod with a proxy needs DNS, the metadata server, and the control plane behind the Google APIs to start. */
export const SIDECAR_NEEDS: readonly NetworkPolicyRule[] = [
  {
    peers: [
      { workload: { namespace: 'kube-system', podLabels: { 'k8s-app': 'kube-dns' } } },
      { cidr: NODE_LOCAL_DNS_CIDR },
    ],
    ports: [{ number: 53, protocol: 'UDP' }, ...tcp(53)],
  },
  ...METADATA_SERVER_PORTS.map(({ cidr, ports }) => ({ peers: [{ cidr }], ports: tcp(...ports) })),
  { peers: [{ cidr: GOOGLE_API_VIP_CIDR }], ports: tcp(443) },
];

/** Policy of a version: ingress from its callers, egress to its callees. */
export function versionNetworkPolicy(
  environment: Environment,
  graph: CallGraph,
  service: Service,
  version: Version,
): NetworkPolicyIntent {
  const callers = uniqueWorkloads(graph.callersOf(service.name).map((edge) => edge.caller));
  const callees = graph.calleesOf(version).map((callee) => ({
    peers: [{ workload: { namespace: callee.namespace, podLabels: { app: callee.name } } }],
    ports: tcp(callee.port),
  }));
  return {
    podLabels: { app: service.name, version: version.name },
    ingress: [...reachFrom(callers, service.port), SCRAPE],
    egress: [
      ...SIDECAR_NEEDS,
      ...callees,
      ...(version.externalCalls.length > 0
        ? [{ peers: [{ workload: egressGatewayWorkload }], ports: tcp(GATEWAY_PORTS.https) }]
        : []),
      ...(service.database ? [databaseReach(environment)] : []),
      ...(checksTokens(service) ? jwksReach(environment) : []),
    ],
  };
}

/** Ingress from the load balancer and its health checks, egress to every service with an ingress route. */
export function ingressGatewayNetworkPolicy(
  environment: Environment,
  podLabels: Readonly<Record<string, string>>,
): NetworkPolicyIntent {
  const services = environment.services.filter((service) => service.ingress.length > 0);
  return {
    podLabels,
    ingress: [
      {
        peers: GOOGLE_FRONT_END_CIDRS.map((cidr) => ({ cidr })),
        ports: tcp(GATEWAY_PORTS.http, GATEWAY_PORTS.https, GATEWAY_PORTS.status),
      },
      SCRAPE,
    ],
    egress: [
      ...SIDECAR_NEEDS,
      ...services.map((service) => ({
        peers: [{ workload: { namespace: service.namespace, podLabels: { app: service.name } } }],
        ports: tcp(service.port),
      })),
      ...jwksReach(environment),
    ],
  };
}

/** Ingress from callers of third parties, egress to the third parties' ports at any public address. */
export function egressGatewayNetworkPolicy(
  environment: Environment,
  graph: CallGraph,
  podLabels: Readonly<Record<string, string>>,
): NetworkPolicyIntent {
  const { externals } = environment;
  const callers = uniqueWorkloads(
    externals.flatMap(({ name }) => graph.callersOfExternal(name)).map((edge) => edge.caller),
  );
  const ports = [...new Set(externals.map((external) => external.port))].sort((a, b) => a - b);
  return {
    podLabels,
    ingress: [...reachFrom(callers, GATEWAY_PORTS.https), SCRAPE],
    egress: [
      ...SIDECAR_NEEDS,
      ...(ports.length > 0
        ? [{ peers: [{ cidr: '0.0.0.0/0', except: PRIVATE_CIDRS }], ports: tcp(...ports) }]
        : []),
    ],
  };
}

function reachFrom(callers: readonly WorkloadIdentity[], port: number): NetworkPolicyRule[] {
  return callers.length === 0 ? [] : [{ peers: callers.map((workload) => ({ workload })), ports: tcp(port) }];
}

function databaseReach(environment: Environment): NetworkPolicyRule {
  const { connector, postgres } = databasePorts(environment.database);
  return { peers: [{ cidr: databaseCidr(environment) }], ports: tcp(connector, postgres) };
}

/**
 * Addresses of the database: its Private Service Connect endpoint, or the range allocated for private services
 * access.
 */
export function databaseCidr({ database, network }: Pick<EnvironmentSpec, 'database' | 'network'>): string {
  if (database.connectivity === 'private-service-connect') return `${network.databaseEndpointIp}/32`;
  if (network.databasePeeringCidr !== undefined) return network.databasePeeringCidr;
  throw new Error("network.databasePeeringCidr is missing; connectivity 'private-services-access' needs it");
}

/** Google issuers serve their keys at the Google API addresses. Other issuers list their addresses. */
function jwksReach({ jwt }: Environment): NetworkPolicyRule[] {
  return jwt.jwksCidrs.length === 0
    ? []
    : [{ peers: jwt.jwksCidrs.map((cidr) => ({ cidr })), ports: tcp(443) }];
}

function uniqueWorkloads(workloads: readonly WorkloadIdentity[]): WorkloadIdentity[] {
  return [
    ...new Map(
      workloads.map((workload) => [`${workload.namespace}/${workload.serviceAccount}`, workload]),
    ).values(),
  ];
}
