import type { Environment } from '../../environment';
import type { Rule } from '../rule';
import { callsByCaller } from '../targets';

/** Clients are rarely all at their bound at once. */
const OVERCOMMIT = 1.2;

export const circuitBreakerWithinCapacity: Rule = {
  id: 'RES-011',
  title: 'Breakers open before the pods are full',
  severity: 'error',
  rationale:
    'Each client proxy counts for itself: when all of them together may send more than the pods can take, the breaker opens after the service is down.',
  source: 'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking',
  fix: 'lower maxRequests, or raise maxReplicas',
  check: (environment) => {
    const most = mostClients(environment);
    return environment.services.flatMap((service) => {
      const { name, requestsInFlightPerReplica, autoscaling, circuitBreaker } = service;
      const clients = most.get(name) ?? 0;
      if (requestsInFlightPerReplica === undefined || clients === 0) return [];
      const capacity = autoscaling.maxReplicas * requestsInFlightPerReplica;
      const admitted = clients * circuitBreaker.maxRequests;
      if (admitted <= OVERCOMMIT * capacity) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['circuitBreaker', 'maxRequests'],
          message: `${clients} client proxies may send ${admitted} requests at once, and ${autoscaling.maxReplicas} pods take ${capacity}`,
          fix: `use at most ${Math.max(1, Math.floor((OVERCOMMIT * capacity) / clients))}, or raise maxReplicas`,
        },
      ];
    });
  },
};

/** Pods of all callers together, each at its upper bound. */
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
