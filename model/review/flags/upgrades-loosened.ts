import type { Flag } from './flag';
import { weakenedSettings } from './setting-findings';

/** GKE upgrades the cluster earlier than it would have, or at a time that was excluded. */
export const upgradesLoosened: Flag = {
  id: 'upgrades-loosened',
  severity: 'high',
  title: 'Release channel changed or maintenance exclusion removed',
  find: ({ facts }) => weakenedSettings(facts, ['upgrades']),
};
