import { describeSettingChange, itemChanges } from '../fact-change';
import type { Flag } from './flag';

/** Another name, certificate or listener of the load balancer. What it serves, the routes decide. */
export const publicNameAdded: Flag = {
  id: 'public-name-added',
  severity: 'high',
  title: 'Public name, certificate or listener added',
  find: ({ facts }) =>
    facts.flatMap((change) => {
      if (change.kind !== 'setting' || change.after?.topic !== 'public-name') return [];
      const { before, after } = change;
      const added = itemChanges(before?.items ?? [], after.items ?? []).added;
      const isAdded = before === undefined ? after.minor !== true : added.length > 0;
      return isAdded
        ? [{ message: `${after.label} ${describeSettingChange(change)}`, location: after.subject }]
        : [];
    }),
};
