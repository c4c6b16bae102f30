import type { Rule } from '../rule';
import { attemptTimeMs, callsByCaller } from '../targets';

export const calleeTimesOutFirst: Rule = {
  id: 'RES-004',
  title: 'A callee times out before its caller',
  severity: 'error',
  rationale:
    'If the caller times out first, its callee continues with work that nobody waits for, and the caller never gets the actual error.',
  source: 'https://sre.google/sre-book/addressing-cascading-failures/',
  fix: 'raise the timeout of the caller, or lower timeoutMs of the callee',
  check: (environment) => {
    const calls = callsByCaller(environment);
    return environment.services.flatMap((caller) => {
      const attemptMs = attemptTimeMs(caller);
      return (calls.get(caller.name) ?? [])
        .filter(({ target, isStream }) => !isStream && target.timeoutMs >= attemptMs)
        .map(({ target, path }) => ({
          kind: 'service' as const,
          name: caller.name,
          path,
          message: `'${target.name}' may take ${target.timeoutMs} ms, but one attempt of '${caller.name}' times out after ${attemptMs} ms`,
        }));
    });
  },
};
