import type { Rule } from '../rule';
import { attemptTimeMs, callsByCaller } from '../targets';

export const sequentialCallsFitTimeout: Rule = {
  id: 'RES-005',
  title: 'Sequential calls fit in the timeout',
  severity: 'warning',
  rationale:
    'A service that makes its calls one after the other times out before the last one if each takes its full timeout.',
  source: 'https://sre.google/sre-book/addressing-cascading-failures/',
  fix: 'raise the timeout, lower those of the callees, or add a waiver if the calls are made in parallel',
  check: (environment) => {
    const calls = callsByCaller(environment);
    return environment.services.flatMap((caller) => {
      const callees = (calls.get(caller.name) ?? [])
        .filter(({ isStream }) => !isStream)
        .map(({ target }) => target);
      const sumMs = callees.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
      const attemptMs = attemptTimeMs(caller);
      // RES-004 reports a single callee that is too slow.
      if (callees.length < 2 || sumMs < attemptMs || callees.some(({ timeoutMs }) => timeoutMs >= attemptMs))
        return [];
      return [
        {
          kind: 'service' as const,
          name: caller.name,
          path: caller.retries.attempts > 0 ? ['retries', 'perTryTimeoutMs'] : ['timeoutMs'],
          message: `${callees.map(({ name, timeoutMs }) => `${name} ${timeoutMs}`).join(' + ')} is ${sumMs} ms, not less than ${attemptMs} ms`,
        },
      ];
    });
  },
};
