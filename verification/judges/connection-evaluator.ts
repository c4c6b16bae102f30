/** Decides connections as the nodes do: a pod without a policy is open, and the rules of several policies add up. */
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import { isInside } from './addresses';
import type { Connection, ConnectionPeer, PodPeer } from './declared-connections';
import { labelsMatch, specOf, type Labels } from './subject';

interface Selector {
  readonly matchLabels?: Labels;
}

export interface PeerSpec {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

interface RuleSpec {
  readonly from?: readonly PeerSpec[];
  readonly to?: readonly PeerSpec[];
  readonly ports?: readonly { readonly port?: number; readonly protocol?: string }[];
}

export interface NetworkPolicySpec {
  readonly podSelector?: Selector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly RuleSpec[];
  readonly egress?: readonly RuleSpec[];
}

interface ConnectionRule {
  readonly ports: RuleSpec['ports'];
  readonly peers: readonly PeerSpec[] | undefined;
}

/** The rules of all policies that select the pod; undefined if none does, so that every connection passes. */
export function rulesOf(
  policies: readonly KubernetesManifest[],
  { namespace, labels }: PodPeer,
  direction: Connection['direction'],
): readonly ConnectionRule[] | undefined {
  const selecting = policies
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map((object) => specOf<NetworkPolicySpec>(object))
    .filter(
      ({ podSelector, policyTypes = [] }) =>
        policyTypes.includes(direction) && labelsMatch(podSelector?.matchLabels, labels),
    );
  if (selecting.length === 0) return undefined;
  return selecting.flatMap((spec) =>
    direction === 'Egress'
      ? (spec.egress ?? []).map(({ ports, to }) => ({ ports, peers: to }))
      : (spec.ingress ?? []).map(({ ports, from }) => ({ ports, peers: from })),
  );
}

export function isAllowed(rules: readonly ConnectionRule[] | undefined, connection: Connection): boolean {
  return rules === undefined || rules.some((rule) => ruleAllows(rule, connection));
}

function ruleAllows({ ports, peers }: ConnectionRule, { pod, peer, port, protocol }: Connection): boolean {
  const atPort =
    ports === undefined ||
    ports.length === 0 ||
    ports.some(
      (allowed) =>
        (allowed.protocol ?? 'TCP') === protocol && (allowed.port === undefined || allowed.port === port),
    );
  return (
    atPort &&
    (peers === undefined || peers.length === 0 || peers.some((it) => peerMatches(it, peer, pod.namespace)))
  );
}

export function peerMatches(
  { ipBlock, namespaceSelector, podSelector }: PeerSpec,
  peer: ConnectionPeer,
  own: string,
): boolean {
  if ('address' in peer)
    return (
      ipBlock?.cidr !== undefined &&
      isInside(peer.address, ipBlock.cidr) &&
      !(ipBlock.except ?? []).some((cidr) => isInside(peer.address, cidr))
    );
  if (ipBlock !== undefined) return false;
  const inNamespace =
    namespaceSelector === undefined
      ? peer.namespace === own
      : labelsMatch(namespaceSelector.matchLabels, { 'kubernetes.io/metadata.name': peer.namespace });
  return inNamespace && labelsMatch(podSelector?.matchLabels, peer.labels);
}
