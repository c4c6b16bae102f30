/** What the layers in front of the mesh allow one client address to hold. */
import type { Environment } from './environment';

/** Lets the service's timeout end a request first, with a proper response. */
const BACKEND_TIMEOUT_MARGIN_SECONDS = 5;

/** Time in which the load balancer ends a request, its body included. */
export function backendTimeoutSeconds({ services }: Pick<Environment, 'services'>): number {
  const timeoutsMs = services.filter(({ ingress }) => ingress.length > 0).map(({ timeoutMs }) => timeoutMs);
  return Math.ceil(Math.max(0, ...timeoutsMs) / 1_000) + BACKEND_TIMEOUT_MARGIN_SECONDS;
}

/** Requests that one address can keep open by sending slowly, at a rate that Cloud Armor allows. */
export function requestsHeldByOneAddress(
  environment: Pick<Environment, 'services'>,
  requestsPerMinute: number,
): number {
  return Math.ceil((requestsPerMinute * backendTimeoutSeconds(environment)) / 60);
}

/** Highest rate a minute at which one address can keep no more than so many requests open. */
export function rateThatHolds(environment: Pick<Environment, 'services'>, requests: number): number {
  return Math.floor((requests * 60) / backendTimeoutSeconds(environment));
}
