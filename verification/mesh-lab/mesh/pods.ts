/** Pods of the synthesized Deployments, each with its own address. */
import { ROOT_NAMESPACE } from '../../../model/naming';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';

export interface Pod {
  /** `checkout-v2-0`. */
  readonly name: string;
  /** Name of the Deployment: `checkout-v2`. */
  readonly workload: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly role: 'sidecar' | 'gateway';
  /**
   * `full`: proxy and application. `client`: sends requests only. `bare`: application that terminates mutual TLS
   * without a proxy. `absent`: nothing listens at its address.
   */
  readonly kind: 'full' | 'client' | 'bare' | 'absent';
  readonly ip: string;
  /** Container ports, independent of the target ports of Services. */
  readonly ports: readonly number[];
  /** How long the application runs after the pod received SIGTERM. */
  readonly preStopSeconds: number;
  /** From the pod's annotation `proxy.istio.io/config`. */
  readonly proxyConfig: Readonly<Record<string, unknown>>;
}

interface DeploymentSpec {
  readonly template: {
    readonly metadata: {
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly spec: {
      readonly serviceAccountName: string;
      readonly containers: readonly {
        readonly ports?: readonly { readonly containerPort: number }[];
        readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
      }[];
    };
  };
}

/** Port of the application. The proxy listens on the container port. */
export const APPLICATION_PORT = 18_080;
/** Label for Sidecars that select a single pod. */
export const POD_LABEL = 'lab/pod';

/** Pods of a Deployment in the lab, by kind. */
export interface Replicas {
  /** @default 1 */
  readonly full?: number;
  /** @default 0 */
  readonly bare?: number;
  /** @default 0 */
  readonly absent?: number;
}

/** Pods of the Deployments in namespaces with sidecar injection. */
export function podsOf(
  objects: readonly KubernetesManifest[],
  replicasOf: (workload: string) => Replicas,
  nextAddress: () => string,
): Pod[] {
  const meshed = new Set(
    objects
      .filter(
        ({ kind, metadata }) => kind === 'Namespace' && metadata.labels?.['istio-injection'] === 'enabled',
      )
      .map(({ metadata }) => metadata.name),
  );
  return objects
    .filter(({ kind, metadata }) => kind === 'Deployment' && meshed.has(metadata.namespace ?? ''))
    .flatMap((deployment) => {
      const { name: workload, namespace = 'default' } = deployment.metadata;
      const { metadata, spec } = (deployment['spec'] as DeploymentSpec).template;
      const annotations = metadata.annotations ?? {};
      const { full = 1, bare = 0, absent = 0 } = replicasOf(workload);
      const names = [
        ...numbered(full, (index) => ({ kind: 'full' as const, name: `${workload}-${index}` })),
        ...numbered(bare, (index) => ({ kind: 'bare' as const, name: `${workload}-bare-${index}` })),
        ...numbered(absent, (index) => ({ kind: 'absent' as const, name: `${workload}-absent-${index}` })),
      ];
      return names.map(({ kind, name }): Pod => {
        return {
          name,
          kind,
          workload,
          namespace,
          serviceAccount: spec.serviceAccountName,
          labels: {
            ...metadata.labels,
            [POD_LABEL]: name,
            // Set by the injector. Without it, clients send plain text to the pod.
            'security.istio.io/tlsMode': 'istio',
          },
          role: annotations['inject.istio.io/templates'] === 'gateway' ? 'gateway' : 'sidecar',
          ip: nextAddress(),
          ports: spec.containers.flatMap(({ ports = [] }) => ports.map((port) => port.containerPort)),
          preStopSeconds: Math.max(
            0,
            ...spec.containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0),
          ),
          proxyConfig: JSON.parse(annotations['proxy.istio.io/config'] ?? '{}') as Pod['proxyConfig'],
        };
      });
    });
}

/** A pod in the mesh that only sends requests. */
export interface Client {
  /** Workload whose identity it has. An unknown workload gets an identity that no policy names. */
  readonly as: string;
  /** Egress hosts of its Sidecar. @default those of the workload */
  readonly scope?: readonly string[];
}

/** A pod with the identity of the client's workload that is no endpoint of a Service. */
export function clientPod(name: string, { as }: Client, pods: readonly Pod[], ip: string): Pod {
  const like = pods.find(({ workload }) => workload === as);
  const { namespace, serviceAccount } = like ?? { namespace: 'default', serviceAccount: as };
  // With the labels of a gateway it would get the gateway's listeners.
  const labels = like?.role === 'sidecar' ? like.labels : { app: name };
  return {
    name,
    kind: 'client',
    workload: as,
    namespace,
    serviceAccount,
    labels: { ...labels, [POD_LABEL]: name, 'security.istio.io/tlsMode': 'istio' },
    role: 'sidecar',
    ip,
    ports: [],
    preStopSeconds: 0,
    proxyConfig: {},
  };
}

/** The Pod object with the fields that the configuration server reads. */
export function renderPod(pod: Pod): KubernetesManifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod.name, namespace: pod.namespace, labels: pod.labels },
    spec: {
      serviceAccountName: pod.serviceAccount,
      nodeName: 'lab',
      containers: [{ name: 'app', image: 'lab' }],
    },
    status: {
      phase: 'Running',
      podIP: pod.ip,
      podIPs: [{ ip: pod.ip }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function numbered<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export function matchesLabels(
  labels: Readonly<Record<string, string>>,
  selector: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** The Sidecar that applies to the pod: its own, its namespace's, or the mesh's. */
export function sidecarOf(pod: Pod, objects: readonly KubernetesManifest[]): KubernetesManifest | undefined {
  const sidecars = objects.filter(({ kind }) => kind === 'Sidecar');
  const within = (namespace: string) => sidecars.filter(({ metadata }) => metadata.namespace === namespace);
  const selector = (sidecar: KubernetesManifest) =>
    (sidecar['spec'] as { workloadSelector?: { labels?: Record<string, string> } }).workloadSelector?.labels;
  return (
    within(pod.namespace).find((sidecar) => {
      const labels = selector(sidecar);
      return labels !== undefined && matchesLabels(pod.labels, labels);
    }) ??
    within(pod.namespace).find((sidecar) => selector(sidecar) === undefined) ??
    within(ROOT_NAMESPACE).find((sidecar) => selector(sidecar) === undefined)
  );
}
