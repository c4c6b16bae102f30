import type { Flag } from './flag';
import { weakenedSettings } from './setting-findings';

export const mtlsWeakened: Flag = {
  id: 'mtls-weakened',
  severity: 'critical',
  title: 'Mutual TLS or TLS weakened',
  find: ({ facts }) => weakenedSettings(facts, ['mtls']),
};
