/** Bounds of the circuit breaker, read off DestinationRules. */
import { blockAt, durationMs, isObject, listAt, numberAt, textAt } from '../json';
import type { KubernetesObject } from '../resource-change';
import { hostParts, shownMs, type Setting } from './fact';

interface Bound {
  readonly path: readonly string[];
  readonly label: string;
  readonly unit: 'count' | 'time' | 'percent';
  readonly weaker: 'higher' | 'lower';
}

const BOUNDS: readonly Bound[] = [
  bound('connectionPool.tcp.maxConnections', 'connections', 'count', 'higher'),
  bound('connectionPool.tcp.connectTimeout', 'time to connect', 'time', 'higher'),
  bound('connectionPool.http.http1MaxPendingRequests', 'waiting requests', 'count', 'higher'),
  bound('connectionPool.http.http2MaxRequests', 'requests in flight', 'count', 'higher'),
  bound('connectionPool.http.maxRetries', 'retries in flight', 'count', 'higher'),
  bound('outlierDetection.consecutive5xxErrors', 'errors in a row until ejection', 'count', 'higher'),
  bound('outlierDetection.interval', 'time between analyses', 'time', 'higher'),
  bound('outlierDetection.baseEjectionTime', 'time of ejection', 'time', 'lower'),
  bound('outlierDetection.maxEjectionPercent', 'share that may be ejected', 'percent', 'lower'),
];

function bound(path: string, label: string, unit: Bound['unit'], weaker: Bound['weaker']): Bound {
  return { path: path.split('.'), label: `breaker: ${label}`, unit, weaker };
}

export function circuitBreakerFacts({ name, spec }: KubernetesObject, source: string): Setting[] {
  const inside = hostParts(textAt(spec, 'host') ?? '');
  const policy = at(spec);
  return BOUNDS.flatMap(({ path, label, unit, weaker }) => {
    const read = unit === 'time' ? durationMs(textAt(policy, ...path)) : numberAt(policy, ...path);
    if (read === undefined) return [];
    return {
      ...({ kind: 'setting', topic: 'circuit-breaker' } as const),
      ...{ subject: inside?.service ?? name, source, label, weaker, value: read },
      ...(inside?.version !== undefined && { version: inside.version }),
      shown: unit === 'time' ? shownMs(read) : unit === 'percent' ? `${read} %` : String(read),
    };
  });
}

/** A third party's bounds are those of its one port. */
function at(spec: unknown): unknown {
  const policy = blockAt(spec, 'trafficPolicy');
  const [port] = listAt(policy, 'portLevelSettings');
  return isObject(port) ? port : policy;
}
