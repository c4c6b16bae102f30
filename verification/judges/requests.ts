/** What the AuthorizationPolicies allow is exactly what the catalogue declares: every caller, method, path, host. */
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';
import {
  declaredOf,
  declaredRoutes,
  type PolicyRequest,
  type RequestShape,
  type Sender,
  type PolicyTarget,
} from './declared-requests';
import { Inspection } from './inspection';
import { meshNamespaces } from './inventory';
import {
  accepts,
  CLAIM_CONDITION,
  HEADER_CONDITION,
  isDenied,
  policiesFor,
  policiesFrom,
  type PolicySpec,
} from './policy-evaluator';
import { ofKind, specOf, deployedWorkloads, type Judge, type Subject, type Workload } from './subject';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

export const requestsJudge: Judge = {
  name: 'requests',
  kinds: ['AuthorizationPolicy', 'Deployment'],
  judge: (subject) => [
    ...unexplainedFields(subject),
    ...withoutDefaultDeny(subject),
    ...differences(subject),
  ],
};

/** Each namespace denies by itself, so that none depends on the policy of the root namespace. */
function withoutDefaultDeny(subject: Subject): string[] {
  const namespaces = [...meshNamespaces(subject.environment), 'istio-system'];
  const denying = ofKind(subject, 'AuthorizationPolicy')
    .filter((object) => Object.keys(specOf<object>(object)).length === 0)
    .map(({ metadata }) => metadata.namespace);
  return namespaces
    .filter((namespace) => !denying.includes(namespace))
    .map((namespace) => `no policy of ${namespace} denies everything to every pod`);
}

/** Fields that the evaluator does not know would be ignored by it. */
function unexplainedFields(subject: Subject): string[] {
  const findings: string[] = [];
  for (const object of ofKind(subject, 'AuthorizationPolicy')) {
    const inspection = Inspection.of(object, findings);
    inspection.neutral('kind');
    const spec = inspection.child('spec');
    if (spec.has('action')) spec.is('action', 'ALLOW');
    spec.child('selector').get('matchLabels');
    for (const rule of spec.items('rules')) {
      for (const from of rule.items('from'))
        from.child('source').neutral('principals', 'requestPrincipals', 'remoteIpBlocks');
      for (const to of rule.items('to'))
        to.child('operation').neutral('hosts', 'ports', 'methods', 'paths', 'notPaths');
      for (const condition of rule.items('when')) {
        const key = condition.text('key');
        if (!HEADER_CONDITION.test(key) && !CLAIM_CONDITION.test(key))
          condition.finding('is about no header and no claim');
        condition.neutral('values');
      }
    }
    inspection.close();
  }
  return findings;
}

function differences(subject: Subject): string[] {
  const { environment } = subject;
  const policies = ofKind(subject, 'AuthorizationPolicy');
  return [...deployedWorkloads(subject), ...undeclaredWorkloads(environment)].flatMap((workload) => {
    const target = targetOf(environment, workload);
    if (target === 'outside') return [];
    const applied = policiesFor(policies, workload);
    const shapes = shapesOf(environment, target, applied);
    for (const sender of sendersTo(environment, target)) {
      const relevant = policiesFrom(applied, sender);
      // Neither the catalogue nor a rule knows the sender here, and a policy without a matching rule rejects.
      const declared = target && declaredOf(environment, target, sender);
      if (declared === undefined && isDenied(relevant)) continue;
      for (const shape of shapes) {
        const request = { ...sender, ...shape };
        const accepted = accepts(relevant, request);
        if (accepted !== (declared?.(shape) ?? false)) return [describe(workload, request, accepted)];
      }
    }
    return [];
  });
}

/** Pods that nobody declared: in each namespace of the mesh, and in a new one. */
export function undeclaredWorkloads(environment: Environment): Workload[] {
  return [...meshNamespaces(environment), 'default'].map((namespace) => ({
    name: 'undeclared',
    namespace,
    serviceAccount: 'default',
    labels: { app: 'undeclared', version: 'v1' },
  }));
}

/** @returns undefined for a workload that must accept nothing */
function targetOf(
  environment: Environment,
  { name, namespace }: Workload,
): PolicyTarget | 'outside' | undefined {
  if (namespace === name && (name === 'ingress-gateway' || name === 'egress-gateway')) return name;
  // Without a proxy there are no policies; the network policies protect it.
  if (namespace === 'kiali') return 'outside';
  const service = environment.services.find(({ versions }) =>
    versions.some(({ workload }) => workload === name),
  );
  return service && { service };
}

function shapesOf(
  environment: Environment,
  target: PolicyTarget | undefined,
  policies: readonly PolicySpec[],
): RequestShape[] {
  const listed = (key: 'paths' | 'notPaths' | 'hosts' | 'methods') =>
    policies.flatMap(({ rules = [] }) =>
      rules.flatMap(({ to = [] }) => to.flatMap(({ operation }) => operation?.[key] ?? [])),
    );
  const paths = samples([...declaredPaths(environment), ...listed('paths'), ...listed('notPaths')]);
  const methods = [...new Set([...METHODS, ...listed('methods').filter((method) => method !== '*')])];
  const hosts = hostsAt(environment, target, listed('hosts'));
  // A proxy passes requests to every port of its pod.
  const ports = typeof target === 'object' ? portsOf(target.service) : [8_443];
  const plain = hosts.flatMap((host) =>
    ports.flatMap((port) => methods.flatMap((method) => paths.map((path) => ({ host, port, method, path })))),
  );
  if (target !== 'ingress-gateway') return plain;
  // What looks like a preflight, but is another request, needs its token all the same.
  const { web, api } = environment.domainNames;
  return [
    ...plain,
    ...plain
      .filter(({ host, method }) => [web, api].includes(host) && method !== 'OPTIONS')
      .flatMap((shape) =>
        ['GET', 'PUT'].map((requested) => ({
          ...shape,
          headers: { origin: `https://${web}`, 'access-control-request-method': requested },
        })),
      ),
  ];
}

function declaredPaths(environment: Environment): string[] {
  return [
    ...declaredRoutes(environment).map(({ path }) => path),
    ...environment.services.flatMap(({ versions }) =>
      versions.flatMap(({ calls, externalCalls }) =>
        [...calls, ...externalCalls].flatMap(({ paths }) => paths),
      ),
    ),
  ];
}

/** Paths inside, beside and outside of the patterns. */
function samples(patterns: readonly string[]): string[] {
  const near = [...new Set(patterns)].flatMap((pattern) => {
    const literal = pattern.replace(/\*$/, '');
    return pattern.endsWith('*') ? [`${literal}lab`, literal] : [pattern, `${pattern}-lab`];
  });
  return [...new Set([...near, '/', '/lab/undeclared'])].filter((path) => path.startsWith('/'));
}

function hostsAt(
  { domainNames, externals }: Environment,
  target: PolicyTarget | undefined,
  listed: readonly string[],
): string[] {
  if (typeof target === 'object' || target === undefined) return ['lab.example'];
  const own =
    target === 'ingress-gateway' ? [domainNames.web, domainNames.api] : externals.map(({ host }) => host);
  return [
    ...new Set([
      ...own.flatMap((host) => [host, `${host}:80`, `${host}:443`, `${host}:@evil.example`, `lab.${host}`]),
      ...listed.map((host) => host.replace('*', 'lab')),
      'lab.example',
    ]),
  ];
}

function portsOf({ port, adminPort }: Service): number[] {
  return adminPort === undefined ? [port] : [port, adminPort];
}

function sendersTo(
  { project, services, domains, jwt }: Environment,
  target: PolicyTarget | undefined,
): Sender[] {
  const domain = `${project.id}.svc.id.goog`;
  const accounts = [
    ...services.flatMap(({ namespace, versions }) =>
      versions.map(({ workload }) => ({ namespace, serviceAccount: workload, domain })),
    ),
    ...['ingress-gateway', 'egress-gateway'].map((name) => ({
      namespace: name,
      serviceAccount: name,
      domain,
    })),
    ...domains.map(({ namespace }) => ({ namespace, serviceAccount: 'default', domain })),
  ];
  const foreign = accounts.map((account) => ({ ...account, domain: 'cluster.local' }));
  // At the public hosts nobody has an identity, so one workload stands for all.
  const callers = target === 'ingress-gateway' ? accounts.slice(0, 1) : [...accounts, ...foreign];
  const tokens = [
    { issuer: undefined },
    ...claimSets(services).map((claims) => ({ issuer: jwt.issuer, claims })),
    { issuer: 'https://issuer.invalid' },
  ];
  const addresses = target === 'ingress-gateway' ? addressesOf(services) : [undefined];
  return [undefined, ...callers].flatMap((caller) =>
    tokens.flatMap((token) =>
      addresses.map((address) => ({ caller, ...token, ...(address !== undefined && { address }) })),
    ),
  );
}

/** No claims, all that some route requires, and all but one. */
function claimSets(services: readonly Service[]): Readonly<Record<string, readonly string[]>>[] {
  const required = services.flatMap(({ ingress }) =>
    ingress.flatMap(({ requires: { scopes = [], claims = {} } = {} }) => [
      ...scopes.map((scope) => ['scope', scope] as const),
      ...Object.entries(claims).flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    ]),
  );
  const all = [...new Map(required.map((pair) => [pair.join(' '), pair])).values()];
  const without = (left?: readonly [string, string]) => {
    const claims: Record<string, string[]> = {};
    for (const pair of all) if (pair !== left) claims[pair[0]] = [...(claims[pair[0]] ?? []), pair[1]];
    return claims;
  };
  return all.length === 0 ? [{}] : [{}, without(), ...(all.length > 1 ? all.map(without) : [])];
}

/** One that no webhook names, and one of each range. */
function addressesOf(services: readonly Service[]): (string | undefined)[] {
  const ranges = services.flatMap(({ ingress }) =>
    ingress.flatMap(({ webhook }) => webhook?.sourceRanges ?? []),
  );
  return [undefined, ...new Set(ranges.map((range) => range.split('/')[0]))];
}

function describe(workload: Workload, request: PolicyRequest, accepted: boolean): string {
  const { caller, issuer, method, path, host } = request;
  const who = caller ? `${caller.namespace}/${caller.serviceAccount}` : 'a client without identity';
  const token = issuer === undefined ? 'without a token' : `with a token of ${issuer}`;
  return `${workload.namespace}/${workload.name} ${accepted ? 'accepts' : 'rejects'} ${method} ${host}${path} of ${who} ${token}`;
}
