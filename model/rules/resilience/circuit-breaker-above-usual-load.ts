import type { Environment } from '../../environment';
import type { Service } from '../../service';
import type { Rule } from '../rule';
import { callsByCaller, HEADROOM, expectedRequestsInFlight } from '../targets';

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

/** minReplicas of the smallest caller, which may send all of the load. */
function fewestClients(environment: Environment): ReadonlyMap<string, number> {
  const fewest = new Map<string, number>();
  const consider = (callee: string, pods: number) =>
    fewest.set(callee, Math.min(fewest.get(callee) ?? Infinity, pods));
  const pods = new Map(environment.services.map(({ name, autoscaling }) => [name, autoscaling.minReplicas]));
  for (const { name, ingress } of environment.services) {
    if (ingress.length > 0) consider(name, environment.ingress.minReplicas);
  }
  for (const [caller, calls] of callsByCaller(environment)) {
    for (const { target } of calls) {
      if (target.kind === 'service') consider(target.name, pods.get(caller) ?? 1);
    }
  }
  return fewest;
}
