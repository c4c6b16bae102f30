/** Connection pool limits and outlier detection, from DestinationRules. */
import { blockAt, durationMs, isObject, listAt, numberAt, textAt } from '../json';
import type { ParsedManifest } from '../resource-change';
import { displayMs, hostParts, type Setting } from './fact';

interface Limit {
  readonly path: readonly string[];
  readonly label: string;
  readonly unit: 'count' | 'time' | 'percent';
  /** @default - neither: no attempt waits for a connection longer than for its response */
  readonly weaker?: 'higher' | 'lower';
}

const LIMITS: readonly Limit[] = [
  limit('connectionPool.tcp.maxConnections', 'connections', 'count', 'higher'),
  limit('connectionPool.tcp.connectTimeout', 'connect timeout', 'time'),
  limit('connectionPool.http.http1MaxPendingRequests', 'pending requests', 'count', 'higher'),
  limit('connectionPool.http.http2MaxRequests', 'active requests', 'count', 'higher'),
  limit('connectionPool.http.maxRetries', 'concurrent retries', 'count', 'higher'),
  limit('outlierDetection.consecutive5xxErrors', 'consecutive 5xx before ejection', 'count', 'higher'),
  limit('outlierDetection.interval', 'outlier detection interval', 'time', 'higher'),
  limit('outlierDetection.baseEjectionTime', 'base ejection time', 'time', 'lower'),
  limit('outlierDetection.maxEjectionPercent', 'maximum ejected endpoints', 'percent', 'lower'),
];

function limit(path: string, label: string, unit: Limit['unit'], weaker?: 'higher' | 'lower'): Limit {
  return { path: path.split('.'), label: `circuit breaker: ${label}`, unit, ...(weaker && { weaker }) };
}

export function circuitBreakerFacts({ name, spec }: ParsedManifest, source: string): Setting[] {
  const inside = hostParts(textAt(spec, 'host') ?? '');
  // A subset is a pool of connections of its own, for some routes.
  const pools = listAt(spec, 'subsets').map((subset) => ({
    policy: blockAt(subset, 'trafficPolicy'),
    of: `${textAt(subset, 'name') ?? ''}: `,
  }));
  return [{ policy: policyOf(spec), of: inside?.isStreams ? 'streams: ' : '' }, ...pools].flatMap(
    ({ policy, of }) =>
      LIMITS.flatMap(({ path, label, unit, weaker }) => {
        const value = unit === 'time' ? durationMs(textAt(policy, ...path)) : numberAt(policy, ...path);
        if (value === undefined) return [];
        return {
          kind: 'setting',
          topic: 'circuit-breaker',
          subject: inside?.service ?? name,
          ...(inside?.version !== undefined && { version: inside.version }),
          label: label.replace(': ', `: ${of}`),
          ...(weaker && { weaker }),
          value,
          display: unit === 'time' ? displayMs(value) : unit === 'percent' ? `${value} %` : String(value),
          source,
        };
      }),
  );
}

/** A third party's policy is that of its only port. */
function policyOf(spec: unknown): unknown {
  const policy = blockAt(spec, 'trafficPolicy');
  const [port] = listAt(policy, 'portLevelSettings');
  return isObject(port) ? port : policy;
}
