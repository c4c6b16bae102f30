import { isWeakened } from '../fact-change';
import type { Flag } from './flag';

export const mtlsWeakened: Flag = {
  id: 'mtls-weakened',
  severity: 'critical',
  title: 'Mutual TLS or TLS weakened',
  find: ({ facts }) =>
    facts.flatMap((change) => {
      if (change.kind !== 'setting' || change.before?.topic !== 'mtls' || !isWeakened(change)) return [];
      const { label, display, subject } = change.before;
      return [{ message: `${label} ${display} → ${change.after?.display ?? 'none'}`, location: subject }];
    }),
};
