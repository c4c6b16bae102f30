import type { Rule } from '../rule';
import { targetsOf } from '../targets';
import { longestBackoffMs } from './attempts-fit-timeout';

export const hangingAttemptEnds: Rule = {
  id: 'RES-002',
  title: 'A try that hangs is given up',
  severity: 'error',
  rationale:
    'Without a shorter time for each try the first one uses up the timeout, and a request that hangs is never retried.',
  source: 'https://github.com/istio/istio/issues/21137',
  fix: 'give retries a perTryTimeoutMs below timeoutMs, or set attempts to 0',
  check: (environment) =>
    targetsOf(environment).flatMap(({ kind, name, timeoutMs, retries: { attempts, perTryTimeoutMs } }) => {
      if (attempts === 0 || perTryTimeoutMs !== undefined) return [];
      return [
        {
          kind,
          name,
          path: ['retries', 'attempts'],
          message: `${attempts} ${attempts === 1 ? 'retry' : 'retries'} without perTryTimeoutMs`,
          fix: `add a perTryTimeoutMs of at most ${Math.max(0, Math.floor((timeoutMs - longestBackoffMs(attempts)) / (attempts + 1)))}`,
        },
      ];
    }),
};
