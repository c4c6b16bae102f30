/**
 * Renders the routes of a service. Gateways ignore VirtualServices of the mesh, so a service can have one for the
 * mesh and one per public host. All get timeout, retries and weights from here.
 */
import { duration } from '../../model/quantity';
import { pathMatch } from '../../model/path-pattern';
import type { HttpMethod } from '../../model/schema/service-schema';
import type { RetryCondition } from '../../model/schema/traffic-schema';
import type { IngressRoute, Service } from '../../model/service';

export const READ_METHODS: readonly HttpMethod[] = ['GET', 'HEAD'];

/** Conditions under which the server cannot have received the request, so that a retry is always safe. */
const ALWAYS_SAFE: ReadonlySet<RetryCondition> = new Set(['connect-failure', 'refused-stream']);

interface HttpMatch {
  readonly uri?: { readonly exact: string } | { readonly prefix: string };
  readonly method: { readonly exact: HttpMethod };
}

/** Routes for callers inside the mesh. */
export function renderMeshRoutes(service: Service) {
  return routeVariants(service).map(({ name, methods, retryOn }) => ({
    name,
    ...(methods === READ_METHODS && {
      match: methods.map((method): HttpMatch => ({ method: { exact: method } })),
    }),
    ...renderRoute(service, retryOn),
  }));
}

/** Routes for external clients, with the declared paths and methods only. */
export function renderIngressRoutes(service: Service, ingress: readonly IngressRoute[]) {
  return routeVariants(service).flatMap(({ name, methods, retryOn }) => {
    const match = ingress.flatMap((route) => matchesOf(route, methods));
    return match.length === 0 ? [] : [{ name, match, ...renderRoute(service, retryOn) }];
  });
}

function matchesOf(route: IngressRoute, methods: readonly HttpMethod[] | 'any'): HttpMatch[] {
  const routed = route.methods.filter((method) => methods === 'any' || methods.includes(method));
  return route.paths.flatMap((path) =>
    routed.map((method) => ({ uri: pathMatch(path), method: { exact: method } })),
  );
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
