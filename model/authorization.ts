import { admissionKey, tokenConditions, type Admission, type TokenCondition } from './admission';
import type { EgressEdge, Edge, WorkloadIdentity } from './call-graph';
import type { Environment } from './environment';
import { hostForms, PUBLIC_PORT, THIRD_PARTY_PORT } from './host-forms';
import { principal } from './naming';
import { methodGroups, publicHosts, type RoutedEnvironment } from './public-routes';
import type { Service } from './service';

interface Operation {
  readonly operation: {
    readonly hosts?: string[];
    readonly ports?: string[];
    readonly methods: string[];
    readonly paths: string[];
    readonly notPaths?: string[];
  };
}

/** One rule of an Istio AuthorizationPolicy. */
export interface AuthorizationRule {
  readonly from: {
    readonly source: { readonly principals: string[]; readonly requestPrincipals?: string[] };
  }[];
  readonly to: Operation[];
  readonly when?: TokenCondition[];
}

/** A rule of the ingress gateway, for clients without a mesh identity. */
export interface ExternalClientRule {
  readonly from?: {
    readonly source: { readonly requestPrincipals?: string[]; readonly remoteIpBlocks?: string[] };
  }[];
  readonly to: Operation[];
  readonly when?: TokenCondition[];
}

/**
 * ALLOW rules of a service: one for each set of methods and paths, with the callers that may use it. A rule for a
 * route that requires an end-user token also names the issuer, because a RequestAuthentication alone accepts requests
 * without a token. Rules of a service with an admin port name the port for requests, because a proxy passes requests
 * to every port of its pod.
 */
export function inboundRules(
  environment: Pick<Environment, 'project' | 'jwt'>,
  { port, adminPort }: Pick<Service, 'port' | 'adminPort'>,
  edges: readonly Edge[],
): AuthorizationRule[] {
  const groups = groupBy(edges, ({ jwt, requires, methods, paths, exceptPaths }) =>
    JSON.stringify([jwt, tokenConditions(requires), methods, paths, exceptPaths]),
  );
  return groups.map(([first, ...rest]) => ({
    from: [
      {
        source: {
          principals: principalsOf(environment, [first, ...rest]),
          ...(first.jwt === 'required' && { requestPrincipals: [`${environment.jwt.issuer}/*`] }),
        },
      },
    ],
    to: [operationOf(first, { ...(adminPort !== undefined && { ports: [String(port)] }) })],
    ...whenOf(first),
  }));
}

/**
 * ALLOW rules of the ingress gateway: the declared routes of every service. A request is allowed by the route that
 * gets it, never by a less specific one. External clients have no mesh identity, so the rules match hosts, methods,
 * paths and tokens only.
 */
export function externalClientRules(
  environment: RoutedEnvironment & Pick<Environment, 'jwt'>,
): ExternalClientRule[] {
  return publicHosts(environment).flatMap(({ name, routes }) => {
    const edges = routes.flatMap((route) =>
      methodGroups(route, routes).map((group) => ({ ...route, ...group })),
    );
    const groups = groupBy(edges, ({ methods, exceptPaths, ...route }) =>
      JSON.stringify([admissionKey(route), methods, exceptPaths]),
    );
    return groups.map((group): ExternalClientRule => {
      const [{ methods, exceptPaths, ...admission }] = group;
      return {
        ...externalSource(environment, admission),
        to: [
          operationOf(
            { methods, exceptPaths, paths: group.map(({ path }) => path) },
            { hosts: hostForms(name, PUBLIC_PORT) },
          ),
        ],
        ...whenOf(admission),
      };
    });
  });
}

/** Cloud Armor limits webhooks to their source addresses, too, but matches paths before they are normalized. */
function externalSource(
  { jwt: { issuer } }: Pick<Environment, 'jwt'>,
  { jwt, webhook }: Admission,
): Pick<ExternalClientRule, 'from'> {
  if (jwt === 'required') return { from: [{ source: { requestPrincipals: [`${issuer}/*`] } }] };
  return webhook === undefined ? {} : { from: [{ source: { remoteIpBlocks: [...webhook.sourceRanges] } }] };
}

function whenOf({ requires }: Pick<Admission, 'requires'>): { readonly when?: TokenCondition[] } {
  const when = tokenConditions(requires);
  return when.length === 0 ? {} : { when };
}

/** ALLOW rules of the egress gateway: which callers may send which requests to a third party. */
export function egressRules(
  environment: Pick<Environment, 'project'>,
  edges: readonly EgressEdge[],
): AuthorizationRule[] {
  const groups = groupBy(edges, ({ external, methods, paths }) =>
    JSON.stringify([external.name, methods, paths]),
  );
  return groups.map(([first, ...rest]) => ({
    from: [{ source: { principals: principalsOf(environment, [first, ...rest]) } }],
    to: [operationOf(first, { hosts: hostForms(first.external.host, THIRD_PARTY_PORT) })],
  }));
}

/**
 * Tokens that a RequestAuthentication accepts. The token is forwarded so that the service behind the gateway can
 * check it again.
 */
export function jwtRule(jwt: Environment['jwt']) {
  return {
    issuer: jwt.issuer,
    jwksUri: jwt.jwksUri,
    audiences: [...jwt.audiences],
    // By default Istio also accepts a token in the query, where it would reach logs.
    fromHeaders: [{ name: 'Authorization', prefix: 'Bearer ' }],
    forwardOriginalToken: true,
  };
}

function operationOf(
  access: {
    readonly methods: readonly string[];
    readonly paths: readonly string[];
    readonly exceptPaths?: readonly string[];
  },
  limits: Pick<Operation['operation'], 'hosts' | 'ports'>,
): Operation {
  const { methods, paths, exceptPaths = [] } = access;
  return {
    operation: {
      ...limits,
      methods: [...methods],
      paths: [...paths],
      ...(exceptPaths.length > 0 && { notPaths: [...exceptPaths] }),
    },
  };
}

function principalsOf(
  environment: Pick<Environment, 'project'>,
  edges: readonly { readonly caller: WorkloadIdentity }[],
): string[] {
  const names = edges.map(({ caller }) =>
    principal(environment.project.id, caller.namespace, caller.serviceAccount),
  );
  return [...new Set(names)].sort();
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
