import { bodyPools } from '../../body-pools';
import { rateThatHolds, requestsHeldByOneAddress } from '../../edge-load';
import type { Rule } from '../rule';

/** Client addresses that it must take to hold all connections of a service. */
const FEWEST_ADDRESSES = 2;

export const oneAddressHoldsNoPool: Rule = {
  id: 'SEC-007',
  title: 'In production no address holds a connection pool',
  severity: 'error',
  rationale:
    'Only the timeout of the load balancer ends a request that is sent slowly: one client address could hold every connection of a service within its rate limit.',
  source: 'docs/decisions/0065-requests-with-a-body-have-a-pool-of-their-own.md',
  fix: 'lower the rate, or raise the connection pool limits of the service or ingress.minReplicas',
  check: (environment) => {
    const { name, production, edge, ingress } = environment;
    if (!production) return [];
    const pools = environment.services
      .filter((service) => service.ingress.length > 0)
      .flatMap((service) => {
        const { maxConnections, maxPendingRequests } = service.circuitBreaker;
        const waiting = maxPendingRequests / maxConnections;
        return [
          { rate: 'requestsPerMinute' as const, of: service.name, size: maxConnections + maxPendingRequests },
          ...bodyPools(service, environment).map(({ maxRequests }) => ({
            rate: 'writesPerMinute' as const,
            of: service.name,
            size: maxRequests + Math.ceil(maxRequests * waiting),
          })),
        ];
      });
    return (['requestsPerMinute', 'writesPerMinute'] as const).flatMap((rate) => {
      const held = requestsHeldByOneAddress(environment, edge[rate]);
      const smallest = pools
        .filter((pool) => pool.rate === rate)
        .sort((a, b) => a.size - b.size)
        .find(({ size }) => held * FEWEST_ADDRESSES > size * ingress.minReplicas);
      if (smallest === undefined) return [];
      const allowed = smallest.size * ingress.minReplicas;
      const most = rateThatHolds(environment, Math.floor(allowed / FEWEST_ADDRESSES));
      return [
        {
          kind: 'environment' as const,
          name,
          path: ['edge', rate],
          message: `at ${edge[rate]} a minute one address can hold ${held} requests, more than half of the ${allowed} that ${ingress.minReplicas} gateway pods allow for '${smallest.of}'`,
          fix: `use at most ${most}, or raise the connection pool limits of '${smallest.of}' or ingress.minReplicas`,
        },
      ];
    });
  },
};
