import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { LABELS } from '../model/naming';
import type { NetworkPolicyIntent, Peer, NetworkPolicyRule } from '../model/network-policy';

/** A NetworkPolicy that denies both directions except for the rules of the intent. */
export function renderNetworkPolicy(
  metadata: { readonly name: string; readonly namespace: string },
  intent: NetworkPolicyIntent,
): NetworkPolicy {
  return new NetworkPolicy({
    metadata,
    spec: {
      podSelector: { matchLabels: { ...intent.podLabels } },
      policyTypes: ['Ingress', 'Egress'],
      // The API server stores an empty list as null, and Terraform then fails with an inconsistent result.
      ...(intent.ingress.length > 0 && {
        ingress: intent.ingress.map((reach) => ({
          from: reach.peers.map(renderPeer),
          ports: renderPorts(reach),
        })),
      }),
      ...(intent.egress.length > 0 && {
        egress: intent.egress.map((reach) => ({
          to: reach.peers.map(renderPeer),
          ports: renderPorts(reach),
        })),
      }),
    },
  });
}

/** Denies all connections of all pods in the namespace unless another policy allows them. */
export function renderDenyAllNetworkPolicy(namespace: string): NetworkPolicy {
  return new NetworkPolicy({
    metadata: { name: 'deny-all', namespace },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
}

function renderPorts({ ports }: NetworkPolicyRule) {
  return ports.map(({ number, protocol }) => ({ port: number, protocol }));
}

function renderPeer(peer: Peer) {
  if ('cidr' in peer) {
    return { ipBlock: { cidr: peer.cidr, ...(peer.except && { except: [...peer.except] }) } };
  }
  const { namespace, podLabels } = peer.workload;
  return {
    namespaceSelector: { matchLabels: { [LABELS.namespaceName]: namespace } },
    ...(Object.keys(podLabels).length > 0 && { podSelector: { matchLabels: { ...podLabels } } }),
  };
}
