/**
 * The only differences from a cluster, so that the objects run on one machine: addresses instead of interception and
 * DNS, and the lab's keys instead of those of the token issuer and of public certificate authorities.
 */
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { type Certificate } from './authority';
import { renderPeerMetadata } from './peer-metadata';
import { APPLICATION_PORT, matchesLabels, POD_LABEL, renderPod, sidecarOf, type Pod } from './pods';

export interface Surroundings {
  readonly pods: readonly Pod[];
  /** Names of pods that run but are no endpoint, such as terminating ones. */
  readonly withdrawn: ReadonlySet<string>;
  /** Egress hosts by name of the client, where they differ from those of the workload. */
  readonly scopes: ReadonlyMap<string, readonly string[]>;
  /** Address by host name of a third party. */
  readonly externalIps: ReadonlyMap<string, string>;
  /** JSON Web Key Set of the issuer. */
  readonly jwks: string;
  /** PEM file that replaces the public certificate authorities. */
  readonly publicAuthorityFile: string;
  /** Of the ingress gateway's listener. */
  readonly ingressCertificate: Certificate;
  /**
   * Cluster IP by `namespace/name` of a Service, for pods whose connections are redirected as in a cluster. Sidecars
   * then stay unchanged.
   * @default no interception: applications call their proxy by its address
   */
  readonly clusterIps?: ReadonlyMap<string, string>;
}

type Json = Readonly<Record<string, unknown>>;
interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly targetPort?: number;
}

const ISTIO_KINDS = /^(networking|security)\.istio\.io\//;

export function adapt(objects: readonly KubernetesManifest[], around: Surroundings): KubernetesManifest[] {
  const redirected = around.clusterIps !== undefined;
  const governing = new Set(
    around.pods.map((pod) => sidecarOf(pod, objects)).filter((sidecar) => sidecar?.['spec'] !== undefined),
  );
  const relevant = objects.filter(
    ({ apiVersion, kind }) => ISTIO_KINDS.test(apiVersion) || isCore(apiVersion, kind),
  );
  return [
    ...relevant.flatMap((object) => {
      const ownSidecar = !redirected && object.kind === 'Sidecar' && governing.has(object) && selects(object);
      return ownSidecar ? [] : [adaptObject(object, around)];
    }),
    ...around.pods.map(renderPod),
    ...around.pods.flatMap((pod) =>
      pod.role === 'sidecar' && !redirected ? [renderSidecar(pod, objects, around)] : [],
    ),
    ...(redirected ? [] : [renderPeerMetadata()]),
    ...objects.filter(({ kind }) => kind === 'Service').map((service) => renderEndpoints(service, around)),
  ];
}

function isCore(apiVersion: string, kind: string): boolean {
  return apiVersion === 'v1' && (kind === 'Service' || kind === 'Namespace');
}

function selects(sidecar: KubernetesManifest): boolean {
  return (sidecar['spec'] as Json)['workloadSelector'] !== undefined;
}

function adaptObject(object: KubernetesManifest, around: Surroundings): KubernetesManifest {
  const spec = object['spec'] as Json;
  switch (object.kind) {
    case 'RequestAuthentication':
      return {
        ...object,
        spec: { ...spec, jwtRules: (spec['jwtRules'] as Json[]).map(withKeys(around.jwks)) },
      };
    case 'Service':
      return { ...object, spec: withClusterIp(object, around) };
    case 'ServiceEntry':
      return { ...object, spec: withAddresses(spec, around.externalIps) };
    case 'Gateway':
      return { ...object, spec: withBinding(spec, around) };
    case 'DestinationRule':
      return replaceText(object, '/etc/ssl/certs/ca-certificates.crt', around.publicAuthorityFile);
    default:
      return object;
  }
}

/** Without the keys, the configuration server would try to fetch them and reject every token. */
function withKeys(jwks: string): (rule: Json) => Json {
  return ({ jwksUri: _, ...rule }) => ({ ...rule, jwks });
}

/** Sets the address that the API server would assign. */
function withClusterIp({ metadata, spec }: KubernetesManifest, { clusterIps }: Surroundings): Json {
  const clusterIP = clusterIps?.get(`${metadata.namespace ?? ''}/${metadata.name}`);
  return { ...(spec as Json), ...(clusterIP !== undefined && { clusterIP }) };
}

function withAddresses(spec: Json, externalIps: ReadonlyMap<string, string>): Json {
  const [host = ''] = spec['hosts'] as string[];
  const address = externalIps.get(host);
  if (address === undefined) return spec;
  return { ...spec, resolution: 'STATIC', endpoints: [{ address }] };
}

/** Binds each gateway to the address of its pod: all pods share the ports of this machine. */
function withBinding(spec: Json, { pods, ingressCertificate }: Surroundings): Json {
  const selector = spec['selector'] as Record<string, string>;
  const pod = pods.find(({ labels }) => matchesLabels(labels, selector));
  if (pod === undefined) return spec;
  const servers = (spec['servers'] as Json[]).map((server) => {
    const tls = server['tls'] as Json | undefined;
    const files = tls?.['serverCertificate'] !== undefined && {
      tls: {
        ...tls,
        serverCertificate: ingressCertificate.certificateFile,
        privateKey: ingressCertificate.keyFile,
      },
    };
    return { ...server, ...files, bind: pod.ip };
  });
  return { ...spec, servers };
}

function replaceText(object: KubernetesManifest, from: string, to: string): KubernetesManifest {
  return JSON.parse(
    JSON.stringify(object).replaceAll(JSON.stringify(from), JSON.stringify(to)),
  ) as KubernetesManifest;
}

/**
 * The pod's Sidecar without interception: the proxy listens on the pod's address for calls of the application and for
 * requests to the pod. Egress hosts and the outbound policy are those of the object.
 */
function renderSidecar(
  pod: Pod,
  objects: readonly KubernetesManifest[],
  { scopes }: Surroundings,
): KubernetesManifest {
  const governing = sidecarOf(pod, objects)?.['spec'] as Json | undefined;
  const scope = scopes.get(pod.name);
  const declared = scope
    ? [{ hosts: scope }]
    : ((governing?.['egress'] as Json[] | undefined) ?? [{ hosts: ['*/*'] }]);
  const egress = declared.map((listener) => ({
    ...listener,
    bind: pod.ip,
    captureMode: 'NONE',
  }));
  const ingress = pod.ports.map((port) => ({
    port: { number: port, protocol: 'HTTP', name: `http-${port}` },
    bind: pod.ip,
    captureMode: 'NONE',
    defaultEndpoint: `0.0.0.0:${APPLICATION_PORT}`,
  }));
  return {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'Sidecar',
    metadata: { name: `lab-${pod.name}`, namespace: pod.namespace },
    spec: {
      ...governing,
      workloadSelector: { labels: { [POD_LABEL]: pod.name } },
      ...(ingress.length > 0 && { ingress }),
      egress,
    },
  };
}

function renderEndpoints(service: KubernetesManifest, { pods, withdrawn }: Surroundings): KubernetesManifest {
  const { name, namespace = 'default' } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-lab`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: pods
      .filter((pod) => leadsTo(service, pod) && !withdrawn.has(pod.name))
      .map((pod) => ({
        addresses: [pod.ip],
        conditions: { ready: true },
        targetRef: { kind: 'Pod', name: pod.name, namespace: pod.namespace },
      })),
    ports: servicePorts(service).map(({ name: portName, port, targetPort }) => ({
      name: portName,
      port: targetPort ?? port,
      protocol: 'TCP',
    })),
  };
}

function leadsTo(service: KubernetesManifest, pod: Pod): boolean {
  const selector = (service['spec'] as Json)['selector'] as Record<string, string> | undefined;
  return (
    service.metadata.namespace === pod.namespace &&
    selector !== undefined &&
    matchesLabels(pod.labels, selector)
  );
}

function servicePorts(service: KubernetesManifest): readonly ServicePort[] {
  return (service['spec'] as { readonly ports: readonly ServicePort[] }).ports;
}
