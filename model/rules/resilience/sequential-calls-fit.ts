import type { Rule } from '../rule';
import { attemptTimeMs, callsByCaller } from '../targets';

export const sequentialCallsFit: Rule = {
  id: 'RES-005',
  title: 'Calls in a row fit in the time',
  severity: 'warning',
  rationale:
    'A service that waits for one callee after the other is cut off in the middle when each takes the time that it may.',
  source: 'https://sre.google/sre-book/addressing-cascading-failures/',
  fix: 'lengthen the time, shorten those of the callees, or waive it where the calls are made side by side',
  check: (environment) => {
    const calls = callsByCaller(environment);
    return environment.services.flatMap((caller) => {
      const awaited = (calls.get(caller.name) ?? []).map(({ target }) => target);
      const sumMs = awaited.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
      const triedMs = attemptTimeMs(caller);
      // One that is too slow by itself is told by RES-004.
      if (awaited.length < 2 || sumMs < triedMs || awaited.some(({ timeoutMs }) => timeoutMs >= triedMs))
        return [];
      return [
        {
          kind: 'service' as const,
          name: caller.name,
          path: caller.retries.attempts > 0 ? ['retries', 'perTryTimeoutMs'] : ['timeoutMs'],
          message: `${awaited.map(({ name, timeoutMs }) => `${name} ${timeoutMs}`).join(' + ')} make ${sumMs} ms, not below ${triedMs} ms`,
        },
      ];
    });
  },
};
