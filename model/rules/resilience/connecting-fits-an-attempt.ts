import type { Rule } from '../rule';

export const connectingFitsAnAttempt: Rule = {
  id: 'RES-013',
  title: 'Connecting takes no longer than an attempt',
  severity: 'error',
  rationale:
    'A pod on a lost node never answers, and the timeout of an attempt does not include connecting: a longer connect timeout uses the time of the retry.',
  source: 'https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts',
  fix: 'use a connectTimeoutMs of at most perTryTimeoutMs',
  check: ({ services }) =>
    services.flatMap(
      ({ name, retries: { attempts, perTryTimeoutMs }, circuitBreaker: { connectTimeoutMs } }) =>
        attempts === 0 || perTryTimeoutMs === undefined || connectTimeoutMs <= perTryTimeoutMs
          ? []
          : [
              {
                kind: 'service' as const,
                name,
                path: ['circuitBreaker', 'connectTimeoutMs'],
                message: `connecting may take ${connectTimeoutMs} ms, longer than perTryTimeoutMs ${perTryTimeoutMs}`,
                fix: `use at most ${perTryTimeoutMs}, or leave it out`,
              },
            ],
    ),
};
