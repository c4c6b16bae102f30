import { mostRetries, RETRY_BUDGET_PERCENT } from '../../circuit-breaker';
import type { Service } from '../../service';
import type { Rule } from '../rule';
import { attemptTimeMs, HEADROOM, mostClients } from '../targets';

export const retriesCoverALostZone: Rule = {
  id: 'RES-012',
  title: 'Retries cover the loss of a zone',
  severity: 'error',
  rationale:
    'Until the endpoints of a lost zone are removed, their share of all attempts fails at once: what maxRetries does not allow to be retried fails for the caller.',
  source: 'https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/circuit_breaking',
  fix: 'raise maxRetries, or leave it out',
  check: (environment) => {
    // The smallest caller does not send all requests: a second, small one must not make the callee raise its limit.
    const clients = mostClients(environment);
    const zones = environment.zones.length;
    return environment.services.flatMap((service) => {
      const { name, retries, circuitBreaker } = service;
      const callers = clients.get(name);
      const share = lostShare(service, zones);
      // Without retries, or with all pods in the lost zone, no limit helps.
      if (retries.attempts === 0 || callers === undefined || share === 1) return [];
      // The zone takes its share of the callers, too.
      const left = Math.max(1, callers - Math.ceil(callers / zones));
      const needed = Math.ceil((HEADROOM * retriesInFlight(service, share)) / left);
      if (circuitBreaker.maxRetries >= needed) return [];
      const most = mostRetries(circuitBreaker.maxRequests);
      return [
        {
          kind: 'service' as const,
          name,
          path: ['circuitBreaker', 'maxRetries'],
          message: `${circuitBreaker.maxRetries} retries in flight are less than the ${needed} of each of ${left} client ${left === 1 ? 'proxy' : 'proxies'} when a zone with ${Math.round(share * 100)} % of the pods is lost, at ${HEADROOM} × ${service.slos.expectedRequestsPerSecond} requests/s`,
          fix:
            needed <= most
              ? `use at least ${needed}`
              : `use at least ${needed}, and a maxRequests of at least ${Math.ceil((needed * 100) / RETRY_BUDGET_PERCENT)}`,
        },
      ];
    });
  },
};

/** Largest share of pods in one zone that the autoscaler allows, if they are spread evenly. */
function lostShare({ autoscaling: { minReplicas, maxReplicas } }: Service, zones: number): number {
  // Reported by the schema.
  if (minReplicas > maxReplicas) return 1;
  // With a multiple of the zones the share is smallest; it is largest shortly above one, at the lowest numbers.
  const counts = Array.from({ length: Math.min(maxReplicas, minReplicas + zones) - minReplicas + 1 });
  return Math.max(
    ...counts.map((_, index) => Math.ceil((minReplicas + index) / zones) / (minReplicas + index)),
  );
}

/**
 * Retries in flight of all callers, in the worse of two cases. Pods that refuse connections fail at once, and Envoy
 * selects the one of two random pods with fewer requests in flight, so they get more than their share. Pods that never
 * answer hold an attempt until its timeout.
 */
function retriesInFlight(service: Service, lost: number): number {
  const { slos, retries } = service;
  const responseSeconds = slos.latency.thresholdMs / 1_000;
  const attemptSeconds = attemptTimeMs(service) / 1_000;
  const inFlight = (share: number, seconds: number) =>
    Array.from(
      { length: retries.attempts },
      (_, retry) => slos.expectedRequestsPerSecond * share ** (retry + 1) * seconds,
    ).reduce((sum, count) => sum + count, 0);
  return Math.max(
    inFlight(1 - (1 - lost) ** 2, responseSeconds),
    inFlight(lost, (1 - lost) * responseSeconds + lost * attemptSeconds),
  );
}
