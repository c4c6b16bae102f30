/** Defaults of circuit breakers that follow from other declared values. */
import type { ServiceSpec } from './schema/service-schema';

/** Envoy's default retry budget: percentage of the requests in flight, with a floor for low traffic. */
export const RETRY_BUDGET_PERCENT = 20;
const RETRY_FLOOR = 3;
const CONNECT_TIMEOUT_MS = 1_000;

/** Connection pool limits and outlier detection of a service, with every default applied. */
export type CircuitBreaker = Readonly<
  ServiceSpec['circuitBreaker'] & { readonly maxRetries: number; readonly connectTimeoutMs: number }
>;

/**
 * Most retries in flight of one client proxy that do not multiply the load of a slow service. Envoy's fixed limit of 3
 * would already bite when one zone is gone.
 */
export function mostRetries(maxRequests: number): number {
  return Math.max(RETRY_FLOOR, Math.floor((maxRequests * RETRY_BUDGET_PERCENT) / 100));
}

export function resolveCircuitBreaker({
  circuitBreaker,
  retries: { attempts, perTryTimeoutMs },
}: Pick<ServiceSpec, 'circuitBreaker' | 'retries'>): CircuitBreaker {
  return {
    ...circuitBreaker,
    maxRetries: circuitBreaker.maxRetries ?? mostRetries(circuitBreaker.maxRequests),
    connectTimeoutMs:
      circuitBreaker.connectTimeoutMs ??
      Math.min(
        CONNECT_TIMEOUT_MS,
        attempts === 0 ? CONNECT_TIMEOUT_MS : (perTryTimeoutMs ?? CONNECT_TIMEOUT_MS),
      ),
  };
}
