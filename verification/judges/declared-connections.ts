/** Which connections the catalogue needs: the relation that the network policies must be equal to. */
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';
import { isInside } from './addresses';
import type { Labels } from './subject';

export type ConnectionPeer =
  | { readonly name: string; readonly namespace: string; readonly labels: Labels }
  | { readonly address: string };
export type PodPeer = Extract<ConnectionPeer, { readonly namespace: string }>;

export interface Connection {
  /** The pod whose policies decide. */
  readonly pod: PodPeer;
  readonly peer: ConnectionPeer;
  readonly direction: 'Ingress' | 'Egress';
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

const DNS_PORT = 53;
/** https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity */
const METADATA: Readonly<Record<string, readonly number[]>> = {
  '169.254.169.254': [80, 8_080],
  '169.254.169.252': [987, 988],
};
const NODE_DNS = '169.254.20.10';
/** private.googleapis.com */
const GOOGLE_APIS = '199.36.153.8/30';
/** https://cloud.google.com/load-balancing/docs/firewall-rules */
const LOAD_BALANCER = ['35.191.0.0/16', '130.211.0.0/22'];
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'];
const SCRAPERS = ['gmp-system', 'gke-gmp-system'];
const SCRAPE_PORTS = [15_020, 15_090];

/** Peers beside the workloads: platform pods, and addresses of each meaning. */
export function declaredPeers({ network, jwt }: Environment): ConnectionPeer[] {
  return [
    { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
    { name: 'other', namespace: 'kube-system', labels: { app: 'other' } },
    { name: 'namesake of kube-dns', namespace: 'default', labels: { 'k8s-app': 'kube-dns' } },
    { name: 'other', namespace: 'default', labels: { app: 'other' } },
    ...SCRAPERS.map((namespace) => ({ name: 'collector', namespace, labels: { app: 'collector' } })),
    ...[
      ...Object.keys(METADATA),
      NODE_DNS,
      '199.36.153.9',
      '35.191.0.7',
      '130.211.1.7',
      '198.51.100.7',
      '10.200.0.7',
      '172.20.0.7',
      '192.168.7.7',
      '100.64.0.7',
      network.databaseEndpointIp,
      ...[network.databasePeeringCidr ?? [], jwt.jwksCidrs].flat().map((cidr) => cidr.split('/')[0] ?? ''),
    ].map((address) => ({ address })),
  ];
}

export function isConnectionDeclared(environment: Environment, connection: Connection): boolean {
  const { pod, direction } = connection;
  if (pod.name === 'undeclared') return false;
  return direction === 'Egress'
    ? egress(environment, pod, connection)
    : ingress(environment, pod, connection);
}

function egress(environment: Environment, pod: PodPeer, { peer, port, protocol }: Connection): boolean {
  if (isPlatformNeed(peer, port, protocol)) return true;
  if (protocol !== 'TCP') return false;
  if (pod.namespace === 'kiali') return graphToolEgress(pod, peer, port);
  const service = serviceOf(environment, pod);
  if ('address' in peer) {
    const { address } = peer;
    const keys = environment.jwt.jwksCidrs.some((cidr) => isInside(address, cidr)) && port === 443;
    const checksTokens =
      pod.name === 'ingress-gateway' || (service?.ingress.some((it) => it.jwt === 'required') ?? false);
    if (keys && checksTokens) return true;
    if (service?.database === true && isDatabase(environment, address, port)) return true;
    return (
      pod.name === 'egress-gateway' &&
      environment.externals.some((external) => external.port === port) &&
      !PRIVATE.some((cidr) => isInside(address, cidr))
    );
  }
  if (pod.name === 'egress-gateway') return false;
  const callee = serviceOf(environment, peer);
  if (pod.name === 'ingress-gateway')
    return callee !== undefined && callee.ingress.length > 0 && port === callee.port;
  const version = service?.versions.find(({ workload }) => workload === pod.name);
  if (peer.name === 'egress-gateway') return (version?.externalCalls.length ?? 0) > 0 && port === 8_443;
  return (
    callee !== undefined &&
    port === callee.port &&
    (version?.calls.some((call) => call.service === callee.name) ?? false)
  );
}

function ingress(environment: Environment, pod: PodPeer, { peer, port, protocol }: Connection): boolean {
  if (protocol !== 'TCP') return false;
  if ('address' in peer)
    return (
      pod.name === 'ingress-gateway' &&
      [8_080, 8_443, 15_021].includes(port) &&
      LOAD_BALANCER.some((cidr) => isInside(peer.address, cidr))
    );
  if (pod.namespace === 'kiali')
    return pod.name === 'metrics-frontend' && peer.name === 'kiali' && port === 9_090;
  if (SCRAPERS.includes(peer.namespace)) return SCRAPE_PORTS.includes(port);
  const caller = serviceOf(environment, peer)?.versions.find(({ workload }) => workload === peer.name);
  if (pod.name === 'egress-gateway') return (caller?.externalCalls.length ?? 0) > 0 && port === 8_443;
  const service = serviceOf(environment, pod);
  if (service === undefined || port !== service.port) return false;
  return peer.name === 'ingress-gateway'
    ? service.ingress.length > 0
    : (caller?.calls.some((call) => call.service === service.name) ?? false);
}

/** Every pod needs names, credentials and the control plane behind the Google APIs. */
function isPlatformNeed(peer: ConnectionPeer, port: number, protocol: 'TCP' | 'UDP'): boolean {
  if (!('address' in peer)) return peer.name === 'kube-dns' && port === DNS_PORT;
  const { address } = peer;
  if (address === NODE_DNS) return port === DNS_PORT;
  if (protocol !== 'TCP') return false;
  return (METADATA[address]?.includes(port) ?? false) || (isInside(address, GOOGLE_APIS) && port === 443);
}

/** Kiali reads the metrics and the API server, whose address is not known before the cluster is. */
function graphToolEgress(pod: PodPeer, peer: ConnectionPeer, port: number): boolean {
  if (pod.name !== 'kiali') return false;
  return 'address' in peer ? [443, 6_443].includes(port) : peer.name === 'metrics-frontend' && port === 9_090;
}

function isDatabase({ database, network }: Environment, address: string, port: number): boolean {
  const range =
    database.connectivity === 'private-service-connect'
      ? `${network.databaseEndpointIp}/32`
      : network.databasePeeringCidr;
  return (
    range !== undefined &&
    isInside(address, range) &&
    [5_432, database.engine === 'alloydb' ? 5_433 : 3_307].includes(port)
  );
}

function serviceOf({ services }: Environment, peer: PodPeer): Service | undefined {
  return services.find(
    ({ namespace, versions }) =>
      namespace === peer.namespace && versions.some(({ workload }) => workload === peer.name),
  );
}
