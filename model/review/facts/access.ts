/** Who may call what, from AuthorizationPolicies; and default-deny policies. */
import { EGRESS_GATEWAY, INGRESS_GATEWAY, ROOT_NAMESPACE } from '../../naming';
import { isObject, listAt, textAt, textsAt } from '../json';
import type { ParsedManifest } from '../resource-change';
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
  return rules.flatMap((rule) => permissions(rule, subject, source));
}

/** A NetworkPolicy that selects every pod and allows nothing. */
export function networkPolicyFacts({ namespace, spec }: ParsedManifest, source: string): Setting[] {
  const selector = isObject(spec) ? spec['podSelector'] : undefined;
  const all = !isObject(selector) || textAt(selector, 'matchLabels', 'app') === undefined;
  const allows = listAt(spec, 'ingress').length + listAt(spec, 'egress').length > 0;
  return all && !allows ? [defaultDeny('connections', undefined, namespace, source)] : [];
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
    return callers.flatMap(({ caller, callerVersion, token }) =>
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

type AllowedCaller = Pick<Permission, 'caller' | 'callerVersion' | 'token'>;

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
