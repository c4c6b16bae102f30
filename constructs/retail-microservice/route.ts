/**
 * Renders routes. Gateways ignore VirtualServices of the mesh, so each service has one for the mesh, and each public
 * host has one for the gateway. All get timeout, retries and weights from here.
 */
import { removedHeaders } from '../../model/header-policy';
import { AMBIGUOUS_PATH, pathMatch } from '../../model/path-pattern';
import type { PublicHost, PublicRoute } from '../../model/public-routes';
import { duration } from '../../model/quantity';
import type { HttpMethod } from '../../model/schema/service-schema';
import type { RetryCondition } from '../../model/schema/traffic-schema';
import type { Service } from '../../model/service';

export const READ_METHODS: readonly HttpMethod[] = ['GET', 'HEAD'];

/** Conditions under which the server cannot have received the request, so that a retry is always safe. */
const ALWAYS_SAFE: ReadonlySet<RetryCondition> = new Set(['connect-failure', 'refused-stream']);

interface HttpMatch {
  readonly uri?: { readonly exact: string } | { readonly prefix: string };
  readonly method: { readonly exact: HttpMethod };
}

/** Routes for callers inside the mesh. */
export function renderMeshRoutes(service: Service) {
  const routes = routeVariants(service).map(({ name, methods, retryOn }) => ({
    name,
    ...(methods === READ_METHODS && {
      match: methods.map((method): HttpMatch => ({ method: { exact: method } })),
    }),
    ...renderRoute(service, retryOn),
  }));
  return [renderRefusal(service.versions[0].host), ...routes];
}

/** Routes for external clients: the declared paths and methods only, the most specific path first. */
export function renderPublicRoutes({ routes }: Pick<PublicHost, 'routes'>) {
  const [first] = routes;
  if (first === undefined) return [];
  const rules = groupsOf(routes).flatMap(({ service, rank, members }) =>
    routeVariants(service).flatMap(({ name, methods, retryOn }) => {
      const match = members.flatMap((route) => matchesOf(route, methods));
      if (match.length === 0) return [];
      const suffix = isSpread(routes, service, rank) ? `-${rank}` : '';
      return [
        {
          name: `${service.name}-${name}${suffix}`,
          match,
          headers: EDGE_HEADERS,
          ...renderRoute(service, retryOn),
        },
      ];
    }),
  );
  return [renderRefusal(first.service.versions[0].host), ...rules];
}

const EDGE_HEADERS = {
  request: { remove: removedHeaders('fromClients') },
  response: { remove: removedHeaders('toClients') },
};

/**
 * Answers 400 to paths that proxies and applications could read differently: a policy would allow `/carts/*`, and the
 * application would decode `/carts/..%2fadmin`. Callers inside of the mesh are refused by their own proxy.
 */
export function renderRefusal(host: string) {
  return {
    name: REFUSAL,
    match: [{ uri: { regex: AMBIGUOUS_PATH } }],
    fault: { abort: { httpStatus: 400, percentage: { value: 100 } } },
    // Required, and never used.
    route: [{ destination: { host, port: { number: 80 } }, weight: 100 }],
    retries: { attempts: 0 },
  };
}

const REFUSAL = 'ambiguous-path';

/** Routes of one service that may share a rule, in the order of the host. */
function groupsOf(routes: readonly PublicRoute[]) {
  const groups: { readonly service: Service; readonly rank: number; readonly members: PublicRoute[] }[] = [];
  for (const route of routes) {
    const group = groups.find(
      ({ service, rank }) => service.name === route.service.name && rank === route.rank,
    );
    if (group) group.members.push(route);
    else groups.push({ service: route.service, rank: route.rank, members: [route] });
  }
  return groups;
}

function isSpread(routes: readonly PublicRoute[], { name }: Service, rank: number): boolean {
  return rank > 0 && routes.some((route) => route.service.name === name && route.rank !== rank);
}

function matchesOf(
  { path, methods: declared }: PublicRoute,
  methods: readonly HttpMethod[] | 'any',
): HttpMatch[] {
  return declared
    .filter((method) => methods === 'any' || methods.includes(method))
    .map((method) => ({ uri: pathMatch(path), method: { exact: method } }));
}

interface RouteVariant {
  readonly name: 'default' | 'reads' | 'writes';
  readonly methods: readonly HttpMethod[] | 'any';
  readonly retryOn: readonly RetryCondition[];
}

/**
 * Reads are retried on all configured conditions, other requests only if they cannot have arrived. Without further
 * conditions one route suffices.
 *
 * @see https://github.com/istio/istio/issues/50506 (double payments by default retries)
 */
function routeVariants(service: Service): readonly RouteVariant[] {
  const { attempts, on } = service.retries;
  const safe = on.filter((condition) => ALWAYS_SAFE.has(condition));
  if (attempts === 0 || safe.length === on.length) return [{ name: 'default', methods: 'any', retryOn: on }];
  const writes = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
  return [
    { name: 'reads', methods: READ_METHODS, retryOn: on },
    { name: 'writes', methods: writes, retryOn: safe },
  ];
}

function renderRoute(service: Service, retryOn: readonly RetryCondition[]) {
  return {
    route: service.versions.map((version) => ({
      destination: { host: version.host, port: { number: 80 } },
      weight: version.weightPercent,
    })),
    timeout: duration(service.timeoutMs),
    retries: renderRetries(service, retryOn),
  };
}

/** Always explicit: by default Istio retries twice, including POST. */
function renderRetries(service: Service, retryOn: readonly RetryCondition[]) {
  const { attempts, perTryTimeoutMs } = service.retries;
  if (attempts === 0 || retryOn.length === 0) return { attempts: 0 };
  return {
    attempts,
    ...(perTryTimeoutMs !== undefined && { perTryTimeout: duration(perTryTimeoutMs) }),
    retryOn: retryOn.join(','),
  };
}
