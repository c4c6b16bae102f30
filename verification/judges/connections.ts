/** L3/L4: which connections the NetworkPolicies let out of a pod and into it is exactly what the catalogue needs. */
import type { Environment } from '../../model/environment';
import type { KubernetesManifest } from '../kubernetes/kubernetes-object';
import {
  declaredPeers,
  isConnectionDeclared,
  type Connection,
  type ConnectionPeer,
  type PodPeer,
} from './declared-connections';
import { Inspection } from './inspection';
import { isInside, numberOf } from './addresses';
import { undeclaredWorkloads } from './requests';
import {
  labelsMatch,
  ofKind,
  specOf,
  deployedWorkloads,
  type Judge,
  type Labels,
  type Subject,
} from './subject';

interface Selector {
  readonly matchLabels?: Labels;
}

interface PeerSpec {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

interface RuleSpec {
  readonly from?: readonly PeerSpec[];
  readonly to?: readonly PeerSpec[];
  readonly ports?: readonly { readonly port?: number; readonly protocol?: string }[];
}

interface PolicySpec {
  readonly podSelector?: Selector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly RuleSpec[];
  readonly egress?: readonly RuleSpec[];
}

export const connectionsJudge: Judge = {
  name: 'connections',
  kinds: ['NetworkPolicy', 'Deployment', 'Namespace'],
  judge: (subject) => [...unexplainedFields(subject), ...differences(subject)],
};

function unexplainedFields(subject: Subject): string[] {
  const findings: string[] = [];
  for (const object of ofKind(subject, 'NetworkPolicy')) {
    const inspection = Inspection.of(object, findings);
    inspection.neutral('kind');
    const { name } = object.metadata;
    inspection.child('metadata').is('labels', name === 'metrics-frontend' ? { app: name } : undefined);
    const spec = inspection.child('spec');
    spec.child('podSelector').get('matchLabels');
    spec.isSet('policyTypes', ['Ingress', 'Egress']);
    for (const [direction, peers] of [
      ['ingress', 'from'],
      ['egress', 'to'],
    ] as const)
      for (const rule of spec.items(direction)) {
        for (const peer of rule.items(peers)) {
          peer.child('podSelector').get('matchLabels');
          peer.child('namespaceSelector').get('matchLabels');
          peer.child('ipBlock').neutral('cidr', 'except');
        }
        for (const port of rule.items('ports')) port.neutral('port', 'protocol');
      }
    inspection.close();
  }
  return findings;
}

function differences(subject: Subject): string[] {
  const { environment } = subject;
  const policies = ofKind(subject, 'NetworkPolicy');
  const pods: PodPeer[] = [
    ...deployedWorkloads(subject).map(({ name, namespace, labels }) => ({ name, namespace, labels })),
    // Kiali's chart makes the pod.
    ...(environment.kiali.enabled
      ? [{ name: 'kiali', namespace: 'kiali', labels: { 'app.kubernetes.io/name': 'kiali' } }]
      : []),
    ...undeclaredWorkloads(environment)
      .filter(({ namespace }) => namespace !== 'default')
      .map(({ namespace, labels }) => ({ name: 'undeclared', namespace, labels })),
  ];
  const peers = [...pods, ...namesakes(pods), ...declaredPeers(environment), ...mentionedAddresses(policies)];
  const ports = portsIn(environment, policies);
  return pods.flatMap((pod) =>
    (['Egress', 'Ingress'] as const).flatMap((direction) => {
      const rules = rulesOf(policies, pod, direction);
      for (const peer of peers.filter((other) => other !== pod))
        for (const port of ports) {
          const connection: Connection = { pod, peer, direction, ...port };
          const passes = isAllowed(rules, connection);
          if (passes !== isConnectionDeclared(environment, connection)) return [describe(connection, passes)];
        }
      return [];
    }),
  );
}

/** Pods that have the labels of others, in another namespace. */
function namesakes(pods: readonly PodPeer[]): PodPeer[] {
  return pods
    .filter(({ name }) => name !== 'undeclared')
    .map(({ name, labels }) => ({ name: `namesake of ${name}`, namespace: 'default', labels }));
}

function describe({ pod, peer, direction, port, protocol }: Connection, passes: boolean): string {
  const way = direction === 'Egress' ? `to ${text(peer)}` : `from ${text(peer)}`;
  return `${text(pod)} ${passes ? 'can' : 'cannot'} connect ${way}, ${protocol} port ${port}`;
}

const text = (peer: ConnectionPeer) => ('address' in peer ? peer.address : `${peer.namespace}/${peer.name}`);

interface Rule {
  readonly ports: RuleSpec['ports'];
  readonly peers: readonly PeerSpec[] | undefined;
}

/** The rules of all policies that select the pod; undefined if none does, so that every connection passes. */
function rulesOf(
  policies: readonly KubernetesManifest[],
  { namespace, labels }: PodPeer,
  direction: Connection['direction'],
): readonly Rule[] | undefined {
  const selecting = policies
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map((object) => specOf<PolicySpec>(object))
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

function isAllowed(rules: readonly Rule[] | undefined, connection: Connection): boolean {
  return rules === undefined || rules.some((rule) => ruleAllows(rule, connection));
}

function ruleAllows({ ports, peers }: Rule, { pod, peer, port, protocol }: Connection): boolean {
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

function peerMatches(
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

/** The first address of every range that a policy names, and the one before it. */
function mentionedAddresses(policies: readonly KubernetesManifest[]): ConnectionPeer[] {
  const texts = JSON.stringify(policies).match(/\d+\.\d+\.\d+\.\d+(?=\/\d+)/g) ?? [];
  return [...new Set(texts)]
    .flatMap((address) => [numberOf(address), numberOf(address) + 1])
    .map((number) => ({
      address: [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.'),
    }));
}

const USUAL_PORTS = [
  22, 53, 80, 443, 987, 988, 3_307, 5_432, 5_433, 6_443, 8_080, 8_443, 9_090, 15_020, 15_021, 15_090,
];

function portsIn({ services, externals }: Environment, policies: readonly KubernetesManifest[]) {
  const mentioned = [...JSON.stringify(policies).matchAll(/"port":(\d+)/g)].map(([, port]) => Number(port));
  const own = services.flatMap(({ port, adminPort }) => [
    port,
    ...(adminPort === undefined ? [] : [adminPort]),
  ]);
  const numbers = [...USUAL_PORTS, ...own, ...externals.map(({ port }) => port), ...mentioned, 9_999];
  return [...new Set(numbers)].flatMap((port) => [
    { port, protocol: 'TCP' as const },
    ...(port === 53 || port === 9_999 ? [{ port, protocol: 'UDP' as const }] : []),
  ]);
}
