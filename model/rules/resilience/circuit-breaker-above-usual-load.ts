import type { Environment } from '../../environment';
import type { Service } from '../../service';
import type { Rule } from '../rule';
import { callsByCaller, HEADROOM, usualRequestsInFlight } from '../targets';

export const circuitBreakerAboveUsualLoad: Rule = {
  id: 'RES-010',
  title: 'A breaker holds twice the usual load',
  severity: 'error',
  rationale:
    'The bounds hold for each client proxy: below what one carries at the declared rate, the breaker refuses good requests on an ordinary day.',
  source: 'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking',
  fix: 'raise the bound, or correct expectedRequestsPerSecond',
  check: (environment) => {
    const fewest = fewestClients(environment);
    return environment.services.flatMap((service) => {
      const { name, slos } = service;
      const clients = fewest.get(name);
      if (clients === undefined) return [];
      const needed = Math.ceil((HEADROOM * usualRequestsInFlight(service)) / clients);
      return boundsOf(service)
        .filter(({ bound }) => bound < needed)
        .map(({ key, bound }) => ({
          kind: 'service' as const,
          name,
          path: ['circuitBreaker', key],
          message: `${bound} is less than the ${needed} that ${clients === 1 ? 'one client proxy carries' : `each of ${clients} client proxies carries`} at ${HEADROOM} × ${slos.expectedRequestsPerSecond} requests/s of ${slos.latency.thresholdMs} ms`,
          fix: `use at least ${needed}`,
        }));
    });
  },
};

/** HTTP/1.1 needs a connection for each request in flight. */
function boundsOf({ protocol, circuitBreaker }: Service) {
  const keys =
    protocol === 'http' ? (['maxConnections', 'maxRequests'] as const) : (['maxRequests'] as const);
  return keys.map((key) => ({ key, bound: circuitBreaker[key] }));
}

/** Pods of the smallest caller at rest, which may be the one that sends everything. */
function fewestClients(environment: Environment): ReadonlyMap<string, number> {
  const fewest = new Map<string, number>();
  const offer = (callee: string, pods: number) =>
    fewest.set(callee, Math.min(fewest.get(callee) ?? Infinity, pods));
  const pods = new Map(environment.services.map(({ name, autoscaling }) => [name, autoscaling.minReplicas]));
  for (const { name, ingress } of environment.services) {
    if (ingress.length > 0) offer(name, environment.ingress.minReplicas);
  }
  for (const [caller, calls] of callsByCaller(environment)) {
    for (const { target } of calls) {
      if (target.kind === 'service') offer(target.name, pods.get(caller) ?? 1);
    }
  }
  return fewest;
}
