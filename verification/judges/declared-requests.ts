/** Which requests the catalogue allows: the relation that the policies must be equal to. */
import { bodyPoolOf } from '../../model/body-pools';
import { cidrContains } from '../../model/cidr';
import type { Environment } from '../../model/environment';
import type { Access, IngressRoute, Service } from '../../model/service';

/** Who sends a request, as an authorization policy sees it. */
export interface Sender {
  /** Namespace and service account of the caller; undefined for a client without an identity. */
  readonly caller:
    { readonly namespace: string; readonly serviceAccount: string; readonly domain: string } | undefined;
  /** Issuer of the end-user token; undefined without a token. */
  readonly issuer: string | undefined;
  /** Other claims of the token, each with its values. @default none */
  readonly claims?: Readonly<Record<string, readonly string[]>>;
  /** Address that the load balancer has seen. @default none that a webhook names */
  readonly address?: string;
}

export interface RequestShape {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly port: number;
  /** @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

export type PolicyRequest = Sender & RequestShape;

/** A workload that gets requests. */
export type PolicyTarget = { readonly service: Service } | 'ingress-gateway' | 'egress-gateway';

const INGRESS = 'ingress-gateway';
const EGRESS = 'egress-gateway';

/** `/orders/*` covers what is below `/orders/`. */
export function pathCovers(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

/** The longest path of those that cover the request; an exact one before a pattern of equal length. */
export function mostSpecific<T extends { readonly path: string }>(routes: readonly T[]): T | undefined {
  const rank = ({ path }: T) => (path.endsWith('*') ? path.length - 1 : path.length + 0.5);
  let best: T | undefined;
  for (const route of routes) if (best === undefined || rank(route) > rank(best)) best = route;
  return best;
}

export interface DeclaredRoute {
  readonly service: Service;
  readonly host: string;
  readonly path: string;
  readonly methods: readonly string[];
  readonly jwt: 'required' | 'none';
  readonly maxBodyMegabytes: number;
  /** Connections of its requests with a body; undefined if it has none. */
  readonly bodyPool: string | undefined;
  readonly ingress: IngressRoute;
}

/** Routes of external clients, one for each path. */
export function declaredRoutes({ services, domainNames }: Environment): DeclaredRoute[] {
  return services.flatMap((service) =>
    service.ingress.flatMap((route) => {
      const { methods, jwt, maxBodyMegabytes } = route;
      const common = { service, methods, jwt, maxBodyMegabytes, bodyPool: bodyPoolOf(route), ingress: route };
      return route.paths.map((path) => ({ ...common, host: domainNames[route.host], path }));
    }),
  );
}

/** The route that gets the request: the most specific one that declares its method. */
export function routeOf(
  routes: readonly DeclaredRoute[],
  { method, path }: Pick<PolicyRequest, 'method' | 'path'>,
): DeclaredRoute | undefined {
  return mostSpecific(
    routes.filter((route) => route.methods.includes(method) && pathCovers(route.path, path)),
  );
}

/**
 * Which requests of the sender the workload must accept.
 *
 * @returns undefined: none
 */
export function declaredOf(
  environment: Environment,
  target: PolicyTarget,
  sender: Sender,
): ((shape: RequestShape) => boolean) | undefined {
  if (target === INGRESS) return publicRequests(environment, sender);
  const { caller } = sender;
  if (caller === undefined || caller.domain !== `${environment.project.id}.svc.id.goog`) return undefined;
  if (target === EGRESS) return thirdPartyRequests(environment, caller);
  const { service } = target;
  if (caller.namespace === INGRESS && caller.serviceAccount === INGRESS) {
    const own = declaredRoutes(environment).filter((route) => route.service === service);
    if (own.length === 0) return undefined;
    return (shape) => {
      const route = routeOf(own, shape);
      return shape.port === service.port && tokenSuffices(route, environment, sender);
    };
  }
  const calls = versionsOf(environment, caller).flatMap((version) =>
    version.calls.filter((call) => call.service === service.name),
  );
  if (calls.length === 0) return undefined;
  return (shape) => shape.port === service.port && calls.some((call) => accessCovers(call, shape));
}

/** External clients have no identity. */
function publicRequests(environment: Environment, sender: Sender): (shape: RequestShape) => boolean {
  const routes = declaredRoutes(environment);
  const byHost = new Map(
    [...new Set(routes.map(({ host }) => host))].map((host) => [
      host,
      routes.filter((route) => route.host === host),
    ]),
  );
  return (shape) => {
    const ofHost = byHost.get(shape.host.replace(/:443$/, '')) ?? [];
    const route = routeOf(ofHost, shape);
    return tokenSuffices(route, environment, sender) && addressSuffices(route, sender);
  };
}

function thirdPartyRequests(
  environment: Environment,
  caller: NonNullable<Sender['caller']>,
): ((shape: RequestShape) => boolean) | undefined {
  const calls = versionsOf(environment, caller).flatMap((version) => version.externalCalls);
  if (calls.length === 0) return undefined;
  return (shape) => {
    const host = shape.host.replace(/:80$/, '');
    const external = environment.externals.find((candidate) => candidate.host === host);
    return calls.some((call) => call.external === external?.name && accessCovers(call, shape));
  };
}

function tokenSuffices(
  route: DeclaredRoute | undefined,
  { jwt }: Environment,
  { issuer, claims = {} }: Sender,
): boolean {
  if (route === undefined) return false;
  const { scopes = [], claims: required = {} } = route.ingress.requires ?? {};
  return (
    (route.jwt === 'none' || issuer === jwt.issuer) &&
    scopes.every((scope) => claims['scope']?.includes(scope) === true) &&
    Object.entries(required).every(([name, values]) => claims[name]?.some((value) => values.includes(value)))
  );
}

/** The policy of the service behind the gateway cannot know the address. */
function addressSuffices(route: DeclaredRoute | undefined, { address }: Sender): boolean {
  const ranges = route?.ingress.webhook?.sourceRanges;
  return (
    ranges === undefined || (address !== undefined && ranges.some((range) => cidrContains(range, address)))
  );
}

function accessCovers({ methods, paths }: Access, { method, path }: RequestShape): boolean {
  return (
    (methods as readonly string[]).includes(method) && paths.some((pattern) => pathCovers(pattern, path))
  );
}

function versionsOf({ services }: Environment, { namespace, serviceAccount }: NonNullable<Sender['caller']>) {
  return services
    .filter((service) => service.namespace === namespace)
    .flatMap(({ versions }) => versions.filter(({ workload }) => workload === serviceAccount));
}
