import { isWeakened } from '../fact-change';
import type { Topic } from '../facts/fact';
import type { Flag } from './flag';

const LIMITS: readonly Topic[] = ['timeout', 'retries', 'circuit-breaker', 'rate-limit'];

/** A higher limit of one service means more load and longer waits for everything that calls it. */
export const limitsLoosened: Flag = {
  id: 'limits-loosened',
  severity: 'medium',
  title: 'Timeout, retry, circuit breaker or rate limit loosened',
  find: ({ facts }) =>
    facts.flatMap((change) => {
      if (change.kind !== 'setting' || change.before === undefined) return [];
      const { topic, label, display, subject } = change.before;
      // A removed service has nothing left to protect.
      if (!LIMITS.includes(topic) || change.after === undefined || !isWeakened(change)) return [];
      return [{ message: `${label} ${display} → ${change.after.display}`, location: subject }];
    }),
};
