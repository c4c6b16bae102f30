import type { KubernetesJson } from './synth';

/** A pod, as network policies select it. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Whether the policies allow a connection between two pods, for egress and ingress. Implements Kubernetes' semantics
 * for the selectors that we use: a pod without a policy is open, and rules of several policies add up.
 */
export function connectionPasses(
  policies: readonly KubernetesJson[],
  from: Pod,
  to: Pod,
  port: number,
): boolean {
  return (
    direction(policies, from, 'Egress', (rule) => matches(rule.to, rule.ports, to, port)) &&
    direction(policies, to, 'Ingress', (rule) => matches(rule.from, rule.ports, from, port))
  );
}

function direction(
  policies: readonly KubernetesJson[],
  pod: Pod,
  type: 'Ingress' | 'Egress',
  allows: (rule: any) => boolean,
): boolean {
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      spec.policyTypes.includes(type) &&
      selects(spec.podSelector, pod.labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some(({ spec }) => (spec[type.toLowerCase()] ?? []).some(allows));
}

function matches(peers: any[], ports: any[], pod: Pod, port: number): boolean {
  const atPort = ports.some((allowed) => allowed.port === port && allowed.protocol === 'TCP');
  const atPeer = peers.some(
    ({ namespaceSelector, podSelector }) =>
      namespaceSelector !== undefined &&
      selects(namespaceSelector, { 'kubernetes.io/metadata.name': pod.namespace }) &&
      selects(podSelector ?? {}, pod.labels),
  );
  return atPort && atPeer;
}

function selects(selector: any, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}
