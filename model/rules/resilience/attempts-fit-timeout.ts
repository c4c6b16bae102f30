import type { Rule } from '../rule';
import { targetsOf, type CallTarget } from '../targets';

/** Envoy waits up to 25 ms before the first retry, twice that and more before the next, 250 ms at most. */
const BACKOFF_BASE_MS = 25;
const BACKOFF_LIMIT_MS = 250;

export const attemptsFitTimeout: Rule = {
  id: 'RES-001',
  title: 'All tries fit in the timeout',
  severity: 'error',
  rationale:
    'The timeout cuts off the last tries, so callers wait as long as ever and the retries they count on never happen.',
  source:
    'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-max-retries',
  fix: 'shorten perTryTimeoutMs, lower attempts, or lengthen timeoutMs',
  check: (environment) =>
    targetsOf(environment).flatMap(({ kind, name, timeoutMs, retries: { attempts, perTryTimeoutMs } }) => {
      if (attempts === 0 || perTryTimeoutMs === undefined) return [];
      const backoffMs = longestBackoffMs(attempts);
      const worstCaseMs = (attempts + 1) * perTryTimeoutMs + backoffMs;
      if (worstCaseMs <= timeoutMs) return [];
      return [
        {
          kind,
          name,
          path: ['retries', 'perTryTimeoutMs'],
          message: `${attempts + 1} tries of ${perTryTimeoutMs} ms with ${backoffMs} ms between them take ${worstCaseMs} ms, longer than timeoutMs ${timeoutMs}`,
          fix: `use at most ${Math.max(0, Math.floor((timeoutMs - backoffMs) / (attempts + 1)))}, or lengthen timeoutMs`,
        },
      ];
    }),
};

/** Sum of the longest waits before each retry. */
export function longestBackoffMs(attempts: CallTarget['retries']['attempts']): number {
  return Array.from({ length: attempts }, (_, retry) =>
    Math.min(BACKOFF_LIMIT_MS, (2 ** (retry + 1) - 1) * BACKOFF_BASE_MS),
  ).reduce((sum, waitMs) => sum + waitMs, 0);
}
