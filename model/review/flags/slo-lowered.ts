import type { Flag } from './flag';
import { weakenedSettings } from './setting-findings';

export const sloLowered: Flag = {
  id: 'slo-lowered',
  severity: 'high',
  title: 'SLO lowered, alert removed, or alert sent to fewer channels',
  find: ({ facts }) => weakenedSettings(facts, ['objective', 'alert']),
};
