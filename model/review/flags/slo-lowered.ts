import { isWeakened } from '../fact-change';
import type { Topic } from '../facts/fact';
import type { Flag } from './flag';

const SLO_FACTS: readonly Topic[] = ['objective', 'alert'];

export const sloLowered: Flag = {
  id: 'slo-lowered',
  severity: 'high',
  title: 'A promise is lowered, or fewer people hear when it is broken',
  find: ({ facts }) =>
    facts.flatMap((change) => {
      if (change.kind !== 'setting' || change.before === undefined || !isWeakened(change)) return [];
      const { topic, label, shown, subject } = change.before;
      return SLO_FACTS.includes(topic)
        ? [{ what: `${label} ${shown} → ${change.after?.shown ?? 'none'}`, where: subject }]
        : [];
    }),
};
