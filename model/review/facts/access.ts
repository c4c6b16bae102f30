/** Who may ask what, read off AuthorizationPolicies; and where nobody may, unless a policy says so. */
import { EGRESS_GATEWAY, INGRESS_GATEWAY, ROOT_NAMESPACE } from '../../naming';
import { isObject, listAt, textAt, textsAt } from '../json';
import type { KubernetesObject } from '../resource-change';
import { THE_MESH, EXTERNAL_CLIENTS, workloadParts, type Fact, type Permission, type Setting } from './fact';

const ANY = ['*'];

export function accessFacts({ name, namespace, spec }: KubernetesObject, source: string): Fact[] {
  const rules = listAt(spec, 'rules');
  const action = textAt(spec, 'action') ?? 'ALLOW';
  const app = textAt(spec, 'selector', 'matchLabels', 'app');
  if (rules.length === 0 && action === 'ALLOW') return [defaultDeny('requests', app, namespace, source)];

  const subject = app ?? (namespace === ROOT_NAMESPACE ? THE_MESH : namespace);
  if (action !== 'ALLOW') return [otherAction(subject, action, name, source)];
  return rules.flatMap((rule) => permissions(rule, subject, source));
}

/** A policy that selects every pod and allows nothing, of packets or of requests. */
export function l3l4Facts({ namespace, spec }: KubernetesObject, source: string): Setting[] {
  const selector = isObject(spec) ? spec['podSelector'] : undefined;
  const all = !isObject(selector) || textAt(selector, 'matchLabels', 'app') === undefined;
  const allows = listAt(spec, 'ingress').length + listAt(spec, 'egress').length > 0;
  return all && !allows ? [defaultDeny('packets', undefined, namespace, source)] : [];
}

function defaultDeny(
  what: 'requests' | 'packets',
  app: string | undefined,
  namespace: string,
  source: string,
): Setting {
  return {
    ...({ kind: 'setting', topic: 'default-deny' } as const),
    subject: app ?? (namespace === ROOT_NAMESPACE ? THE_MESH : namespace),
    ...{ label: `default deny of ${what}`, value: 'on', shown: 'on', source },
  };
}

function otherAction(subject: string, action: string, name: string, source: string): Setting {
  const label = `policy '${name}' with action ${action}`;
  return { kind: 'setting', topic: 'access', subject, label, value: 'on', shown: 'on', source };
}

function permissions(rule: unknown, subject: string, source: string): Permission[] {
  const callers = callersOf(rule);
  const operations = listAt(rule, 'to').map((to) => (isObject(to) ? to['operation'] : undefined));
  return (operations.length === 0 ? [undefined] : operations).flatMap((operation) => {
    const hosts = textsAt(operation, 'hosts').filter((host) => !host.endsWith(':*'));
    return callers.flatMap(({ caller, callerVersion, token }) =>
      orAny(textsAt(operation, 'methods')).flatMap((method) =>
        orAny(textsAt(operation, 'paths')).flatMap((path) =>
          (hosts.length === 0 ? [undefined] : hosts).map((host): Permission => ({
            kind: 'permission',
            subject,
            ...place(subject, host),
            ...{ caller, method, path, token, source },
            ...(callerVersion !== undefined && { callerVersion }),
          })),
        ),
      ),
    );
  });
}

/** At a gateway the rule is about a host behind or beyond it. */
function place(subject: string, host: string | undefined): Pick<Permission, 'topic' | 'label'> {
  if (subject === EGRESS_GATEWAY.name) return { topic: 'third-party', label: host ?? 'any host' };
  if (subject === INGRESS_GATEWAY.name) return { topic: 'public', label: host ?? 'any host' };
  return { topic: 'access', label: '' };
}

type Caller = Pick<Permission, 'caller' | 'callerVersion' | 'token'>;

/** No `from` is everyone, and so is a source that names neither principals nor namespaces. */
function callersOf(rule: unknown): Caller[] {
  const sources = listAt(rule, 'from').map((from) => (isObject(from) ? from['source'] : undefined));
  return (sources.length === 0 ? [undefined] : sources).flatMap((source) => {
    const token = textsAt(source, 'requestPrincipals').length > 0 ? 'required' : 'none';
    const principals = textsAt(source, 'principals');
    const namespaces = textsAt(source, 'namespaces').map((name) => `everything in ${name}`);
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
