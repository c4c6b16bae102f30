import type { Rule } from '../rule';
import { targetsOf, type CallTarget } from '../targets';

/** Envoy's default exponential backoff between attempts, with full jitter. */
const BACKOFF_BASE_MS = 25;
const BACKOFF_LIMIT_MS = 250;

export const attemptsFitTimeout: Rule = {
  id: 'RES-001',
  title: 'All attempts fit in the timeout',
  severity: 'error',
  rationale:
    'The timeout cancels the last attempts, so callers wait for the full timeout without the retries that they rely on.',
  source:
    'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-max-retries',
  fix: 'lower perTryTimeoutMs or attempts, or raise timeoutMs',
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
          message: `${attempts + 1} attempts of ${perTryTimeoutMs} ms and ${backoffMs} ms of backoff take ${worstCaseMs} ms, longer than timeoutMs ${timeoutMs}`,
          fix: `use at most ${Math.max(0, Math.floor((timeoutMs - backoffMs) / (attempts + 1)))}, or raise timeoutMs`,
        },
      ];
    }),
};

/** Sum of the longest backoffs before each retry. */
export function longestBackoffMs(attempts: CallTarget['retries']['attempts']): number {
  return Array.from({ length: attempts }, (_, retry) =>
    Math.min(BACKOFF_LIMIT_MS, (2 ** (retry + 1) - 1) * BACKOFF_BASE_MS),
  ).reduce((sum, waitMs) => sum + waitMs, 0);
}
