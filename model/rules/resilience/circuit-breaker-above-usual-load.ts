import type { Service } from '../../service';
import type { Rule } from '../rule';
import { expectedRequestsInFlight, fewestClients, HEADROOM } from '../targets';

export const circuitBreakerAboveUsualLoad: Rule = {
  id: 'RES-010',
  title: 'Circuit breakers allow twice the expected load',
  severity: 'error',
  rationale:
    'Limits apply per client proxy: if they are below the load of one proxy at the expected rate, the circuit breaker rejects normal traffic.',
  source: 'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking',
  fix: 'raise the limit, or correct expectedRequestsPerSecond',
  check: (environment) => {
    const fewest = fewestClients(environment);
    return environment.services.flatMap((service) => {
      const { name, slos } = service;
      const clients = fewest.get(name);
      if (clients === undefined) return [];
      const needed = Math.ceil((HEADROOM * expectedRequestsInFlight(service)) / clients);
      return limitsOf(service)
        .filter(({ limit }) => limit < needed)
        .map(({ key, limit }) => ({
          kind: 'service' as const,
          name,
          path: ['circuitBreaker', key],
          message: `${limit} is less than the ${needed} of ${clients === 1 ? 'one client proxy' : `each of ${clients} client proxies`} at ${HEADROOM} × ${slos.expectedRequestsPerSecond} requests/s of ${slos.latency.thresholdMs} ms`,
          fix: `use at least ${needed}`,
        }));
    });
  },
};

/** HTTP/1.1 needs one connection per request in flight. */
function limitsOf({ protocol, circuitBreaker }: Service) {
  const keys =
    protocol === 'http' ? (['maxConnections', 'maxRequests'] as const) : (['maxRequests'] as const);
  return keys.map((key) => ({ key, limit: circuitBreaker[key] }));
}
