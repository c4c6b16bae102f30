/** Who may call what, from AuthorizationPolicies; and default-deny policies. */
import { describeCondition } from '../../admission';
import { EGRESS_GATEWAY, INGRESS_GATEWAY, ROOT_NAMESPACE } from '../../naming';
import { at, isObject, listAt, textAt, textsAt } from '../json';
import type { ParsedManifest } from '../resource-change';
import { isPreflightRule, preflightFacts } from './browsers';
import { EXTERNAL_CLIENTS, THE_MESH, workloadParts, type Fact, type Permission, type Setting } from './fact';

const ANY = ['*'];
const DEFAULT_DENY = {
  requests: 'L7 default deny (AuthorizationPolicy)',
  connections: 'L3/L4 default deny (NetworkPolicy)',
} as const;

export function accessFacts({ name, namespace, spec }: ParsedManifest, source: string): Fact[] {
  const rules = listAt(spec, 'rules');
  const action = textAt(spec, 'action') ?? 'ALLOW';
  const app = textAt(spec, 'selector', 'matchLabels', 'app');
  if (rules.length === 0 && action === 'ALLOW') return [defaultDeny('requests', app, namespace, source)];

  const subject = app ?? (namespace === ROOT_NAMESPACE ? THE_MESH : namespace);
  if (action !== 'ALLOW') return [otherAction(subject, action, name, source)];
  const preflights = subject === INGRESS_GATEWAY.name ? rules.filter(isPreflightRule) : [];
  return [
    ...rules
      .filter((rule) => !preflights.includes(rule))
      .flatMap((rule) => permissions(rule, subject, source)),
    ...preflightFacts(preflights, source),
  ];
}

/**
 * The default deny selects every pod and allows nothing in either direction. Of other policies only peers that are no
 * service are reported: a connection between services is useless without an AuthorizationPolicy.
 */
export function networkPolicyFacts(manifest: ParsedManifest, source: string): Setting[] {
  const { name, namespace, spec } = manifest;
  const app = textAt(spec, 'podSelector', 'matchLabels', 'app');
  const allows = listAt(spec, 'ingress').length + listAt(spec, 'egress').length > 0;
  if (app === undefined && !allows)
    return isBothWays(spec) ? [defaultDeny('connections', undefined, namespace, source)] : [];
  const items = [...openPeers(spec, 'ingress', 'from'), ...openPeers(spec, 'egress', 'to')];
  const { service, version } = workloadParts(name);
  return [
    {
      kind: 'setting',
      topic: 'connection',
      subject: app ?? service,
      ...(version !== undefined && { version }),
      label: `connections outside of the call graph (${name})`,
      value: items.join('\n'),
      display: items.join(', '),
      items,
      weaker: 'more',
      minor: true,
      source,
    },
  ];
}

function isBothWays(spec: unknown): boolean {
  const types = textsAt(spec, 'policyTypes');
  return types.includes('Ingress') && types.includes('Egress');
}

/** Peers by address, whole namespaces, anybody, and any port. */
function openPeers(spec: unknown, direction: 'ingress' | 'egress', key: 'from' | 'to'): string[] {
  return listAt(spec, direction).flatMap((rule) => {
    const ports = listAt(rule, 'ports').map(
      (port) => `${textAt(port, 'protocol') ?? 'TCP'} ${String(at(port, 'port'))}`,
    );
    const peers = listAt(rule, key);
    return (peers.length === 0 ? [undefined] : peers)
      .filter((peer) => ports.length === 0 || textAt(peer, 'podSelector', 'matchLabels', 'app') === undefined)
      .flatMap((peer) =>
        (ports.length === 0 ? ['any port'] : ports).map((port) => `${key} ${peerName(peer)} ${port}`),
      );
  });
}

function peerName(peer: unknown): string {
  const cidr = textAt(peer, 'ipBlock', 'cidr');
  if (cidr !== undefined) return cidr;
  const namespace = textAt(peer, 'namespaceSelector', 'matchLabels', 'kubernetes.io/metadata.name');
  const labels = at(peer, 'podSelector', 'matchLabels');
  const pods = isObject(labels) ? Object.values(labels).join('/') : 'any pod';
  if (namespace === undefined && labels === undefined) return 'anywhere';
  return namespace === undefined ? pods : `${pods} in ${namespace}`;
}

function defaultDeny(
  layer: keyof typeof DEFAULT_DENY,
  app: string | undefined,
  namespace: string,
  source: string,
): Setting {
  return {
    kind: 'setting',
    topic: 'default-deny',
    subject: app ?? (namespace === ROOT_NAMESPACE ? THE_MESH : namespace),
    label: DEFAULT_DENY[layer],
    value: 'on',
    display: 'on',
    source,
  };
}

function otherAction(subject: string, action: string, name: string, source: string): Setting {
  const label = `policy '${name}' with action ${action}`;
  return { kind: 'setting', topic: 'access', subject, label, value: 'on', display: 'on', source };
}

function permissions(rule: unknown, subject: string, source: string): Permission[] {
  const callers = callersOf(rule);
  const operations = listAt(rule, 'to').map((to) => (isObject(to) ? to['operation'] : undefined));
  return (operations.length === 0 ? [undefined] : operations).flatMap((operation) => {
    const hosts = textsAt(operation, 'hosts').filter((host) => !/:(\*|\d+)$/.test(host));
    const exceptions = textsAt(operation, 'notPaths');
    const except = exceptions.length === 0 ? '' : ` except ${exceptions.join(', ')}`;
    return callers.flatMap(({ caller, callerVersion, token, sources }) =>
      orAny(textsAt(operation, 'methods')).flatMap((method) =>
        orAny(textsAt(operation, 'paths')).flatMap((path) =>
          (hosts.length === 0 ? [undefined] : hosts).map((host): Permission => ({
            kind: 'permission',
            subject,
            ...topicAndLabel(subject, host),
            caller,
            method,
            path: path + except,
            token,
            requires: requirementsOf(rule),
            sources,
            source,
            ...(callerVersion !== undefined && { callerVersion }),
          })),
        ),
      ),
    );
  });
}

/** At a gateway the rule is about a host behind or beyond it. */
function topicAndLabel(subject: string, host: string | undefined): Pick<Permission, 'topic' | 'label'> {
  if (subject === EGRESS_GATEWAY.name) return { topic: 'third-party', label: host ?? 'any host' };
  if (subject === INGRESS_GATEWAY.name) return { topic: 'public', label: host ?? 'any host' };
  return { topic: 'access', label: '' };
}

/** Conditions on the claims of a token, and any other, which narrow the rule. */
function requirementsOf(rule: unknown): string[] {
  return listAt(rule, 'when').map((condition) =>
    describeCondition({ key: textAt(condition, 'key') ?? '', values: textsAt(condition, 'values') }),
  );
}

type AllowedCaller = Pick<Permission, 'caller' | 'callerVersion' | 'token' | 'sources'>;

/** A rule without `from`, or a source without principals and namespaces, admits everyone. */
function callersOf(rule: unknown): AllowedCaller[] {
  const sources = listAt(rule, 'from').map((from) => (isObject(from) ? from['source'] : undefined));
  return (sources.length === 0 ? [undefined] : sources).flatMap((source) => {
    const token = textsAt(source, 'requestPrincipals').length > 0 ? 'required' : 'none';
    const principals = textsAt(source, 'principals');
    const namespaces = textsAt(source, 'namespaces').map((name) => `any workload in ${name}`);
    const named = [...principals.map(callerOf), ...namespaces.map((caller) => ({ caller }))];
    return (named.length === 0 ? [{ caller: EXTERNAL_CLIENTS }] : named).map((caller) => ({
      ...caller,
      token,
      sources: textsAt(source, 'remoteIpBlocks'),
    }));
  });
}

/** `shop.svc.id.goog/ns/purchasing/sa/checkout-v2`. */
function callerOf(principal: string): Pick<Permission, 'caller' | 'callerVersion'> {
  const account = principal.split('/sa/')[1] ?? principal;
  if (account === INGRESS_GATEWAY.serviceAccount) return { caller: EXTERNAL_CLIENTS };
  const { service, version } = workloadParts(account);
  return { caller: service, ...(version !== undefined && { callerVersion: version }) };
}

function orAny(list: readonly string[]): readonly string[] {
  return list.length === 0 ? ANY : list;
}
