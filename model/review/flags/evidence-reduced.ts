import type { Flag } from './flag';
import { weakenedSettings } from './setting-findings';

/** What an investigation or a recovery will need is not recorded, or is kept for less time. */
export const evidenceReduced: Flag = {
  id: 'evidence-reduced',
  severity: 'high',
  title: 'Audit logs, logs, metrics or backups reduced',
  find: ({ facts }) => weakenedSettings(facts, ['evidence']),
};
