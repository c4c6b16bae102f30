import { isWeakened } from '../fact-change';
import type { Flag } from './flag';

export const mtlsWeakened: Flag = {
  id: 'mtls-weakened',
  severity: 'critical',
  title: 'Connections are protected less',
  find: ({ facts }) =>
    facts.flatMap((change) => {
      if (change.kind !== 'setting' || change.before?.topic !== 'mtls' || !isWeakened(change)) return [];
      const { label, shown, subject } = change.before;
      return [{ what: `${label} ${shown} → ${change.after?.shown ?? 'none'}`, where: subject }];
    }),
};
