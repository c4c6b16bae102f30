import { isWeakened } from '../fact-change';
import type { Topic } from '../facts/fact';
import type { Flag } from './flag';

const LIMITS: readonly Topic[] = ['timeout', 'retries', 'circuit-breaker'];

/** A longer wait or a higher bound of one service is more load and more waiting for all that call it. */
export const limitsLoosened: Flag = {
  id: 'limits-loosened',
  severity: 'medium',
  title: 'A timeout, retry or circuit breaker protects less',
  find: ({ facts }) =>
    facts.flatMap((change) => {
      if (change.kind !== 'setting' || change.before === undefined) return [];
      const { topic, label, shown, subject } = change.before;
      // Of a service that goes, nothing is left to protect.
      if (!LIMITS.includes(topic) || change.after === undefined || !isWeakened(change)) return [];
      return [{ what: `${label} ${shown} → ${change.after.shown}`, where: subject }];
    }),
};
