import { isWeakened } from '../fact-change';
import type { Topic } from '../facts/fact';
import type { Flag } from './flag';

const SLO_TOPICS: readonly Topic[] = ['objective', 'alert'];

export const sloLowered: Flag = {
  id: 'slo-lowered',
  severity: 'high',
  title: 'SLO lowered, or alert or notification channel removed',
  find: ({ facts }) =>
    facts.flatMap((change) => {
      if (change.kind !== 'setting' || change.before === undefined || !isWeakened(change)) return [];
      const { topic, label, display, subject } = change.before;
      return SLO_TOPICS.includes(topic)
        ? [{ message: `${label} ${display} → ${change.after?.display ?? 'none'}`, location: subject }]
        : [];
    }),
};
