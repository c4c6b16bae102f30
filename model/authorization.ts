import type { EgressEdge, Edge, WorkloadIdentity } from './call-graph';
import type { Environment } from './environment';
import { principal } from './naming';

interface Operation {
  readonly operation: { readonly hosts?: string[]; readonly methods: string[]; readonly paths: string[] };
}

/** One rule of an Istio AuthorizationPolicy. */
export interface AuthorizationRule {
  readonly from: {
    readonly source: { readonly principals: string[]; readonly requestPrincipals?: string[] };
  }[];
  readonly to: Operation[];
}

/** A rule of the ingress gateway, for clients without a mesh identity. */
export interface ExternalClientRule {
  readonly from?: { readonly source: { readonly requestPrincipals: string[] } }[];
  readonly to: Operation[];
}

/**
 * ALLOW rules of a service: one for each set of methods and paths, with the callers that may use it. A rule for a
 * route that requires an end-user token also names the issuer, because a RequestAuthentication alone accepts requests
 * without a token.
 */
export function inboundRules(
  environment: Pick<Environment, 'project' | 'jwt'>,
  edges: readonly Edge[],
): AuthorizationRule[] {
  const groups = groupBy(edges, ({ jwt, methods, paths }) => JSON.stringify([jwt, methods, paths]));
  return groups.map(([first, ...rest]) => ({
    from: [
      {
        source: {
          principals: principalsOf(environment, [first, ...rest]),
          ...(first.jwt === 'required' && { requestPrincipals: [`${environment.jwt.issuer}/*`] }),
        },
      },
    ],
    to: [{ operation: { methods: [...first.methods], paths: [...first.paths] } }],
  }));
}

/**
 * ALLOW rules of the ingress gateway: the declared routes of every service. External clients have no mesh identity,
 * so the rules match hosts, methods, paths and tokens only.
 */
export function externalClientRules(
  environment: Pick<Environment, 'services' | 'jwt' | 'domainNames'>,
): ExternalClientRule[] {
  return environment.services.flatMap((service) =>
    service.ingress.map(({ host, methods, paths, jwt }) => ({
      ...(jwt === 'required' && {
        from: [{ source: { requestPrincipals: [`${environment.jwt.issuer}/*`] } }],
      }),
      to: [
        {
          operation: {
            hosts: hostForms(environment.domainNames[host]),
            methods: [...methods],
            paths: [...paths],
          },
        },
      ],
    })),
  );
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
    to: [
      {
        operation: {
          hosts: hostForms(first.external.host),
          methods: [...first.methods],
          paths: [...first.paths],
        },
      },
    ],
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
    forwardOriginalToken: true,
  };
}

/** Clients may send the Host header with or without the port. */
function hostForms(host: string): string[] {
  return [host, `${host}:*`];
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
