/**
 * Routes of external clients, for each public host in one order: the most specific path that declares the method
 * decides, whichever service it belongs to. Routing and authorization are both derived from this order.
 */
import { admissionKey, type Admission } from './admission';
import { bodyPoolOf } from './body-pools';
import { crossOriginAccess, type CrossOriginAccess } from './browsers/cross-origin';
import { responseHeaders, type ResponseHeaders } from './browsers/response-headers';
import type { Environment } from './environment';
import { isMoreSpecific, literalOf } from './path-pattern';
import type { HttpMethod } from './schema/service-schema';
import type { Access, Service } from './service';

/** A public host of an environment. Pages and API may have the same name. */
export interface PublicHost {
  /** `web` also if pages and API have one name. */
  readonly id: 'web' | 'api';
  readonly name: string;
  readonly routes: readonly PublicRoute[];
}

/** One path of one ingress route. */
export interface PublicRoute extends Admission {
  readonly service: Service;
  readonly methods: readonly HttpMethod[];
  readonly path: string;
  readonly maxBodyMegabytes: number;
  /** Connection pool of its requests with a body; undefined if none of its methods has one. */
  readonly bodyPool: string | undefined;
  /** Calls from pages of other hosts; `undefined` if there are none. */
  readonly crossOrigin: CrossOriginAccess | undefined;
  /** Of the gateway. */
  readonly responseHeaders: ResponseHeaders;
  /** Routes with a higher rank come first. A route has a higher rank than every different route around it. */
  readonly rank: number;
}

/** Methods of a route that share their exceptions. */
export interface MethodGroup {
  readonly methods: readonly HttpMethod[];
  /** More specific paths that belong to another route. */
  readonly exceptPaths: readonly string[];
}

/** What public routes depend on. */
export type RoutedEnvironment = Pick<Environment, 'services' | 'domainNames' | 'browsers'>;

/** The public hosts with routes, each with its routes in the order in which they are matched. */
export function publicHosts(environment: RoutedEnvironment): PublicHost[] {
  const { services, domainNames } = environment;
  return publicHostEntries({ domainNames }).flatMap(([id, name]): PublicHost[] => {
    const routes = services.flatMap((service) =>
      service.ingress
        .filter(({ host }) => domainNames[host] === name)
        .flatMap((route) => {
          const { paths, jwt, requires, webhook, methods, maxBodyMegabytes } = route;
          const shared = {
            service,
            jwt,
            requires,
            webhook,
            methods,
            maxBodyMegabytes,
            bodyPool: bodyPoolOf(route),
            crossOrigin: crossOriginAccess(environment, route),
            responseHeaders: responseHeaders(environment, route),
          };
          return paths.map((path) => ({ ...shared, path }));
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
      ...around.map((other) => (ranks.get(other) ?? 0) + (isAlike(other, route) ? 0 : 1)),
    );
    ranks.set(route, rank);
  }
  return routes.map((route) => ({ ...route, rank: ranks.get(route) ?? 0 })).sort((a, b) => b.rank - a.rank);
}

/** Whether it does not matter which of the routes gets a request. */
function isAlike(one: Omit<PublicRoute, 'rank'>, other: Omit<PublicRoute, 'rank'>): boolean {
  return (
    one.service.name === other.service.name &&
    one.maxBodyMegabytes === other.maxBodyMegabytes &&
    one.bodyPool === other.bodyPool &&
    answersAlike(one, other)
  );
}

/** Whether responses get the same headers. */
export function answersAlike(one: Omit<PublicRoute, 'rank'>, other: Omit<PublicRoute, 'rank'>): boolean {
  const answer = ({ crossOrigin, responseHeaders: headers }: Omit<PublicRoute, 'rank'>) =>
    JSON.stringify([crossOrigin ?? null, headers]);
  return answer(one) === answer(other);
}

/** Requests of external clients that a service allows, one for each set of methods, token and exceptions. */
export interface PublicAccess extends Access, Pick<Admission, 'jwt' | 'requires'> {
  readonly exceptPaths: readonly string[];
}

/** What the policy of the service allows the ingress gateway. Other services' routes do not matter there. */
export function publicAccessOf(service: Service): PublicAccess[] {
  const routes = service.ingress.flatMap(({ paths, ...route }) =>
    paths.map((path) => ({ ...route, service, path })),
  );
  return service.ingress.flatMap(({ paths, ...route }) => {
    const { jwt, requires } = route;
    const merged = new Map<string, PublicAccess & { readonly paths: string[] }>();
    for (const path of paths) {
      for (const group of methodGroups({ ...route, service, path }, routes)) {
        const key = JSON.stringify(group);
        const access = merged.get(key);
        if (access) access.paths.push(path);
        else merged.set(key, { ...group, jwt, ...(requires && { requires }), paths: [path] });
      }
    }
    return [...merged.values()];
  });
}

type AdmittedRoute = Admission & Pick<PublicRoute, 'service' | 'methods' | 'path'>;

/** What a rule of the route must leave to others, for each of its methods. */
export function methodGroups(route: AdmittedRoute, others: readonly AdmittedRoute[]): MethodGroup[] {
  const groups = new Map<string, { readonly methods: HttpMethod[]; readonly exceptPaths: string[] }>();
  for (const method of route.methods) {
    const exceptPaths = [
      ...new Set(
        others
          .filter(
            (other) =>
              other.methods.includes(method) &&
              isMoreSpecific(other.path, route.path) &&
              (other.service.name !== route.service.name || admissionKey(other) !== admissionKey(route)),
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
