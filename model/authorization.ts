import type { EgressEdge, Edge, WorkloadIdentity } from './call-graph';
import type { Environment } from './environment';
import { principal } from './naming';

interface Operation {
  readonly operation: { readonly hosts?: string[]; readonly methods: string[]; readonly paths: string[] };
}

/** One rule of an AuthorizationPolicy, in its own words. */
export interface AuthorizationRule {
  readonly from: {
    readonly source: { readonly principals: string[]; readonly requestPrincipals?: string[] };
  }[];
  readonly to: Operation[];
}

/** A rule for callers from outside the mesh. */
export interface ExternalClientRule {
  readonly from?: { readonly source: { readonly requestPrincipals: string[] } }[];
  readonly to: Operation[];
}

/**
 * What a service allows: per set of methods and paths, the callers that may use it. A route that needs an
 * end-user token also names the issuer, since a RequestAuthentication alone lets requests without one pass.
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
 * What the ingress gateway lets through: the declared routes of every service. Its callers have no mesh
 * identity, so only hosts, methods, paths and tokens count.
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

/** What the egress gateway lets through to a third party, and from whom. */
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
 * Which tokens a RequestAuthentication accepts. The token is passed on, so that the service behind the
 * gateway can check it again.
 */
export function jwtRule(jwt: Environment['jwt']) {
  return {
    issuer: jwt.issuer,
    jwksUri: jwt.jwksUri,
    audiences: [...jwt.audiences],
    forwardOriginalToken: true,
  };
}

/** Clients may or may not write the port into the Host header. */
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
