import type { Environment } from '../../environment';
import type { Rule } from '../rule';
import { callsByCaller } from '../targets';

/** Clients rarely reach their limits all at the same time. */
const OVERCOMMIT = 1.2;

export const circuitBreakerWithinCapacity: Rule = {
  id: 'RES-011',
  title: 'Circuit breakers open before pods are overloaded',
  severity: 'error',
  rationale:
    'Limits apply per client proxy: if all proxies together may send more than the pods can serve, the service is overloaded before any circuit breaker opens.',
  source: 'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking',
  fix: 'lower maxRequests, or raise maxReplicas',
  check: (environment) => {
    const most = mostClients(environment);
    return environment.services.flatMap((service) => {
      const { name, requestsInFlightPerReplica, autoscaling, circuitBreaker } = service;
      const clients = most.get(name) ?? 0;
      if (requestsInFlightPerReplica === undefined || clients === 0) return [];
      const capacity = autoscaling.maxReplicas * requestsInFlightPerReplica;
      const allowed = clients * circuitBreaker.maxRequests;
      if (allowed <= OVERCOMMIT * capacity) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['circuitBreaker', 'maxRequests'],
          message: `${clients} client proxies may have ${allowed} requests in flight, but ${autoscaling.maxReplicas} pods serve ${capacity}`,
          fix: `use at most ${Math.max(1, Math.floor((OVERCOMMIT * capacity) / clients))}, or raise maxReplicas`,
        },
      ];
    });
  },
};

/** Sum of maxReplicas of all callers. */
function mostClients(environment: Environment): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  const add = (callee: string, pods: number) => most.set(callee, (most.get(callee) ?? 0) + pods);
  const services = new Map(environment.services.map((service) => [service.name, service]));
  for (const { name, ingress } of environment.services) {
    if (ingress.length > 0) add(name, environment.ingress.maxReplicas);
  }
  for (const [caller, calls] of callsByCaller(environment)) {
    for (const { target } of calls) {
      const { autoscaling, versions } = services.get(caller) ?? {};
      if (target.kind === 'service')
        add(target.name, (autoscaling?.maxReplicas ?? 0) * (versions?.length ?? 1));
    }
  }
  return most;
}
