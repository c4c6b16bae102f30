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
import { isAllowed, peerMatches, rulesOf, type NetworkPolicySpec } from './connection-evaluator';
import { Inspection } from './inspection';
import { numberOf } from './addresses';
import { undeclaredWorkloads } from './requests';
import { ofKind, specOf, deployedWorkloads, type Judge, type Subject } from './subject';

export const connectionsJudge: Judge = {
  name: 'connections',
  kinds: ['NetworkPolicy', 'Deployment', 'Namespace'],
  judge: (subject) => [
    ...unexplainedFields(subject),
    ...peersThatDoNotExist(subject),
    ...differences(subject),
  ],
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

/** A selector of nobody would admit whoever gets those labels. */
function peersThatDoNotExist(subject: Subject): string[] {
  const known = [...podsIn(subject), ...declaredPeers(subject.environment)].filter(
    (peer): peer is PodPeer => !('address' in peer),
  );
  return ofKind(subject, 'NetworkPolicy').flatMap((object) => {
    const { ingress = [], egress = [] } = specOf<NetworkPolicySpec>(object);
    const peers = [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)];
    return peers
      .filter(
        (peer) =>
          peer.ipBlock === undefined &&
          !known.some((pod) => peerMatches(peer, pod, object.metadata.namespace ?? '')),
      )
      .map(
        (peer) =>
          `${object.metadata.namespace}/${object.metadata.name} admits nobody by ${JSON.stringify(peer)}`,
      );
  });
}

function podsIn(subject: Subject): PodPeer[] {
  const { environment } = subject;
  return [
    ...deployedWorkloads(subject).map(({ name, namespace, labels }) => ({ name, namespace, labels })),
    // Kiali's chart makes the pod.
    ...(environment.kiali.enabled
      ? [{ name: 'kiali', namespace: 'kiali', labels: { 'app.kubernetes.io/name': 'kiali' } }]
      : []),
  ];
}

function differences(subject: Subject): string[] {
  const { environment } = subject;
  const policies = ofKind(subject, 'NetworkPolicy');
  const pods: PodPeer[] = [
    ...podsIn(subject),
    ...undeclaredWorkloads(environment)
      .filter(({ namespace }) => namespace !== 'default')
      .map(({ namespace, labels }) => ({ name: 'undeclared', namespace, labels })),
  ];
  const peers = [...pods, ...namesakes(pods), ...declaredPeers(environment), ...mentionedAddresses(policies)];
  const ports = portsIn(environment, policies);
  return pods.flatMap((pod) =>
    (['Egress', 'Ingress'] as const).flatMap((direction) => {
      const rules = rulesOf(policies, pod, direction);
      // Callees are whole services, callers are versions: the next version may not call what this one may.
      const others = direction === 'Ingress' ? [...peers, ...nextVersions(environment)] : peers;
      for (const peer of others.filter((other) => other !== pod))
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

function nextVersions({ services }: Environment): PodPeer[] {
  return services.map(({ name, namespace }) => ({
    name: `next version of ${name}`,
    namespace,
    labels: { app: name, version: 'next' },
  }));
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
