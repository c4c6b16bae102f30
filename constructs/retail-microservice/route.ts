/**
 * Renders routes. Gateways ignore VirtualServices of the mesh, so each service has one for the mesh, and each public
 * host has one for the gateway. All get timeout, retries and weights from here.
 */
import { duration } from '../../model/quantity';
import type { HttpMethod } from '../../model/schema/service-schema';
import type { RetryCondition } from '../../model/schema/traffic-schema';
import type { Service } from '../../model/service';
import { renderPathRefusal } from './refusal';
import { meshStreamRules, renderStreamRoute } from './stream-route';

export const READ_METHODS: readonly HttpMethod[] = ['GET', 'HEAD'];

/** Conditions under which the server cannot have received the request, so that a retry is always safe. */
const ALWAYS_SAFE: ReadonlySet<RetryCondition> = new Set(['connect-failure', 'refused-stream']);

interface MethodMatch {
  readonly method: { readonly exact: HttpMethod };
}

/** Routes for callers inside the mesh. */
export function renderMeshRoutes(service: Service) {
  const routes = routeVariants(service).map(({ name, methods, retryOn }) => ({
    name,
    ...(methods === READ_METHODS && {
      match: methods.map((method): MethodMatch => ({ method: { exact: method } })),
    }),
    ...renderRoute(service, retryOn),
  }));
  const rules = meshStreamRules(service);
  // A stream for clients without WebSockets may have the same path, and would match first.
  const webSocketsFirst = [
    ...rules.filter(({ stream }) => stream.webSocket),
    ...rules.filter(({ stream }) => !stream.webSocket),
  ];
  const streams = webSocketsFirst.map(({ index, match, stream }) => ({
    name: `stream-${index}`,
    match: [...match],
    ...renderStreamRoute(service, stream),
  }));
  return [renderPathRefusal(service.versions[0].host), ...streams, ...routes];
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
  const safe = safeConditions(service);
  if (attempts === 0 || safe.length === on.length) return [{ name: 'default', methods: 'any', retryOn: on }];
  const writes = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
  return [
    { name: 'reads', methods: READ_METHODS, retryOn: on },
    { name: 'writes', methods: writes, retryOn: safe },
  ];
}

/** Conditions on which requests with these methods are retried. */
export function retryConditions(service: Service, methods: readonly HttpMethod[]): readonly RetryCondition[] {
  return methods.every((method) => READ_METHODS.includes(method))
    ? service.retries.on
    : safeConditions(service);
}

function safeConditions({ retries }: Service): readonly RetryCondition[] {
  return retries.on.filter((condition) => ALWAYS_SAFE.has(condition));
}

/** @param subset of the versions' hosts, for a connection pool of its own. @default the host's pool */
export function renderRoute(service: Service, retryOn: readonly RetryCondition[], subset?: string) {
  return {
    route: service.versions.map((version) => ({
      destination: { host: version.host, port: { number: 80 }, ...(subset !== undefined && { subset }) },
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
