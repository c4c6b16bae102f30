import type { Rule } from '../rule';
import { targetsOf } from '../targets';
import { longestBackoffMs } from './attempts-fit-timeout';

export const retriesHaveAttemptTimeout: Rule = {
  id: 'RES-002',
  title: 'Retries have a per-attempt timeout',
  severity: 'error',
  rationale: 'Without it the first attempt uses the whole timeout, so a hanging request is never retried.',
  source: 'https://github.com/istio/istio/issues/21137',
  fix: 'add a perTryTimeoutMs below timeoutMs, or set attempts to 0',
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
