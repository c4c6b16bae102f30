import { itemChanges } from '../fact-change';
import { ORIGINS } from '../facts/browsers';
import type { Flag } from './flag';

/** Pages of another host can act for customers who visit them, with a token or a cookie that they hold. */
export const originAdded: Flag = {
  id: 'origin-added',
  severity: 'high',
  title: 'Origin whose pages may call the API added',
  find: ({ facts }) =>
    facts.flatMap((change) => {
      if (change.kind !== 'setting' || change.after?.label.startsWith(ORIGINS) !== true) return [];
      const { before, after } = change;
      const { added } = itemChanges(before?.items ?? after.items ?? [], after.items ?? []);
      return added.map((origin) => ({ message: `${after.label} added ${origin}`, location: after.subject }));
    }),
};
