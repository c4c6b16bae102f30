/**
 * Connection pools for requests with a body. Envoy's timeouts begin when the body has arrived, so a client that sends
 * slowly holds a connection. Such requests have pools of their own, and reads keep theirs.
 */
import { literalOf } from './path-pattern';
import type { HttpMethod } from './schema/service-schema';
import type { IngressRoute, Service } from './service';

/** Methods whose requests usually have a body. */
export const BODY_METHODS: readonly HttpMethod[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** A pool of one gateway pod for a version, as a subset of the version's host. */
export interface BodyPool {
  readonly name: string;
  /** Requests in flight. As many again, in proportion, wait for a connection. */
  readonly maxRequests: number;
}

/** Share of a pod's capacity that slow bodies may take, so that reads keep the rest. */
const MOST_OF_A_POD = 0.5;

interface Gateways {
  readonly ingress: { readonly minReplicas: number; readonly maxReplicas: number };
}
type PooledService = Pick<
  Service,
  'autoscaling' | 'circuitBreaker' | 'ingress' | 'requestsInFlightPerReplica'
>;

/** The pools of the service: one for each route with a limit of its own, and one for its other routes. */
export function bodyPools(service: PooledService, gateways: Gateways): BodyPool[] {
  const pools = new Map<string, BodyPool>();
  for (const route of service.ingress) {
    const name = bodyPoolOf(route);
    if (name === undefined) continue;
    const maxRequests = route.maxBodiesInFlight ?? defaultBodiesInFlight(service, gateways);
    pools.set(name, { name, maxRequests: Math.max(maxRequests, pools.get(name)?.maxRequests ?? 0) });
  }
  return [...pools.values()];
}

/** Name of the route's pool; undefined if none of its methods has a body. */
export function bodyPoolOf(
  route: Pick<IngressRoute, 'methods' | 'paths' | 'maxBodiesInFlight'>,
): string | undefined {
  const methods = route.methods.filter((method) => BODY_METHODS.includes(method));
  if (methods.length === 0) return undefined;
  if (route.maxBodiesInFlight === undefined) return 'bodies';
  // By path and methods, because positions change with other routes.
  const words = [...methods, ...literalOf(route.paths[0] ?? '').split(/[^A-Za-z0-9]+/)];
  return ['bodies', ...words.filter(Boolean)].join('-').toLowerCase().slice(0, 60);
}

/** Half of what the pods can take, spread over the gateway pods, when both scale alike. */
export function defaultBodiesInFlight(service: PooledService, gateways: Gateways): number {
  return Math.max(1, Math.floor(mostBodiesInFlight(service, gateways)));
}

/** Requests with a body of one gateway pod that leave half of each pod of the service to reads. */
export function mostBodiesInFlight(service: PooledService, { ingress }: Gateways): number {
  const { autoscaling, circuitBreaker, requestsInFlightPerReplica } = service;
  // A proxy applies the circuit breaker of its own service to the connections to its application.
  const perPod = Math.min(circuitBreaker.maxConnections, requestsInFlightPerReplica ?? Infinity);
  const podsPerGateway = Math.min(
    autoscaling.minReplicas / ingress.minReplicas,
    autoscaling.maxReplicas / ingress.maxReplicas,
  );
  return MOST_OF_A_POD * Math.min(circuitBreaker.maxConnections, perPod * podsPerGateway);
}
