/**
 * Routes of external clients, for each public host in one order: the most specific path that declares the method
 * decides, whichever service it belongs to. Routing and authorization are both derived from this order.
 */
import { bodyPoolOf } from './body-pools';
import type { Environment } from './environment';
import { isMoreSpecific, literalOf } from './path-pattern';
import type { HttpMethod } from './schema/service-schema';
import type { Access, IngressRoute, Service } from './service';

/** A public host of an environment. Pages and API may have the same name. */
export interface PublicHost {
  /** `web` also if pages and API have one name. */
  readonly id: 'web' | 'api';
  readonly name: string;
  readonly routes: readonly PublicRoute[];
}

/** One path of one ingress route. */
export interface PublicRoute {
  readonly service: Service;
  readonly jwt: IngressRoute['jwt'];
  readonly methods: readonly HttpMethod[];
  readonly path: string;
  readonly maxBodyMegabytes: number;
  /** Connection pool of its requests with a body; undefined if none of its methods has one. */
  readonly bodyPool: string | undefined;
  /** Routes with a higher rank come first. A route has a higher rank than every route of another service around it. */
  readonly rank: number;
}

/** Methods of a route that share their exceptions. */
export interface MethodGroup {
  readonly methods: readonly HttpMethod[];
  /** More specific paths that belong to another route. */
  readonly exceptPaths: readonly string[];
}

type Routed = Pick<Environment, 'services' | 'domainNames'>;

/** The public hosts with routes, each with its routes in the order in which they are matched. */
export function publicHosts({ services, domainNames }: Routed): PublicHost[] {
  return publicHostEntries({ domainNames }).flatMap(([id, name]): PublicHost[] => {
    const routes = services.flatMap((service) =>
      service.ingress
        .filter(({ host }) => domainNames[host] === name)
        .flatMap((route) => {
          const bodyPool = bodyPoolOf(route);
          const { methods, jwt, maxBodyMegabytes } = route;
          return route.paths.map((path) => ({ service, methods, jwt, maxBodyMegabytes, bodyPool, path }));
        }),
    );
    return routes.length === 0 ? [] : [{ id, name, routes: ranked(routes) }];
  });
}

/** Ids and names of the public hosts, each name once. */
export function publicHostEntries({ domainNames }: Pick<Environment, 'domainNames'>) {
  const { web, api } = domainNames;
  return web === api
    ? ([['web', web]] as const)
    : ([
        ['web', web],
        ['api', api],
      ] as const);
}

/** Names of the public hosts, each once. */
export function publicHostNames(environment: Pick<Environment, 'domainNames'>): string[] {
  return publicHostEntries(environment).map(([, name]) => name);
}

function ranked(routes: readonly Omit<PublicRoute, 'rank'>[]): PublicRoute[] {
  const ranks = new Map<Omit<PublicRoute, 'rank'>, number>();
  // The surrounding path is always shorter, or equal and a prefix, so its rank is known.
  const outermostFirst = [...routes].sort(
    (a, b) =>
      literalOf(a.path).length - literalOf(b.path).length ||
      Number(b.path.endsWith('*')) - Number(a.path.endsWith('*')),
  );
  for (const route of outermostFirst) {
    const around = outermostFirst.filter((other) => isMoreSpecific(route.path, other.path));
    const rank = Math.max(
      0,
      ...around.map((other) => (ranks.get(other) ?? 0) + (other.service.name === route.service.name ? 0 : 1)),
    );
    ranks.set(route, rank);
  }
  return routes.map((route) => ({ ...route, rank: ranks.get(route) ?? 0 })).sort((a, b) => b.rank - a.rank);
}

/** Requests of external clients that a service allows, one for each set of methods, token and exceptions. */
export interface PublicAccess extends Access {
  readonly jwt: IngressRoute['jwt'];
  readonly exceptPaths: readonly string[];
}

/** What the policy of the service allows the ingress gateway. Other services' routes do not matter there. */
export function publicAccessOf(service: Service): PublicAccess[] {
  const routes = service.ingress.flatMap(({ paths, methods, jwt }) =>
    paths.map((path) => ({ service, jwt, methods, path })),
  );
  return service.ingress.flatMap(({ paths, methods, jwt }) => {
    const merged = new Map<string, PublicAccess & { readonly paths: string[] }>();
    for (const path of paths) {
      for (const group of methodGroups({ service, jwt, methods, path }, routes)) {
        const key = JSON.stringify(group);
        const access = merged.get(key);
        if (access) access.paths.push(path);
        else merged.set(key, { ...group, jwt, paths: [path] });
      }
    }
    return [...merged.values()];
  });
}

/** What a rule of the route must leave to others, for each of its methods. */
export function methodGroups(
  route: Pick<PublicRoute, 'service' | 'methods' | 'path' | 'jwt'>,
  others: readonly Pick<PublicRoute, 'service' | 'methods' | 'path' | 'jwt'>[],
): MethodGroup[] {
  const groups = new Map<string, { readonly methods: HttpMethod[]; readonly exceptPaths: string[] }>();
  for (const method of route.methods) {
    const exceptPaths = [
      ...new Set(
        others
          .filter(
            (other) =>
              other.methods.includes(method) &&
              isMoreSpecific(other.path, route.path) &&
              (other.service.name !== route.service.name || other.jwt !== route.jwt),
          )
          .map(({ path }) => path),
      ),
    ].sort();
    const key = exceptPaths.join(' ');
    const group = groups.get(key);
    if (group) group.methods.push(method);
    else groups.set(key, { methods: [method], exceptPaths });
  }
  return [...groups.values()];
}
