import type { Rule } from '../rule';
import { attemptTimeMs, callsByCaller } from '../targets';

export const calleeAnswersFirst: Rule = {
  id: 'RES-004',
  title: 'A callee gives up before its caller',
  severity: 'error',
  rationale:
    'A caller that gives up first throws away work that its callee goes on with, and never sees what went wrong there.',
  source: 'https://sre.google/sre-book/addressing-cascading-failures/',
  fix: 'lengthen the time of the caller, or shorten timeoutMs of the callee',
  check: (environment) => {
    const calls = callsByCaller(environment);
    return environment.services.flatMap((caller) => {
      const triedMs = attemptTimeMs(caller);
      return (calls.get(caller.name) ?? [])
        .filter(({ target }) => target.timeoutMs >= triedMs)
        .map(({ target, path }) => ({
          kind: 'service' as const,
          name: caller.name,
          path,
          message: `'${target.name}' may take ${target.timeoutMs} ms, and one try of '${caller.name}' takes ${triedMs} ms at most`,
        }));
    });
  },
};
