import type { Flag } from './flag';

export const defaultDenyRemoved: Flag = {
  id: 'default-deny-removed',
  severity: 'critical',
  title: 'Default-deny policy removed',
  find: ({ facts }) =>
    facts.flatMap(({ before, after }) =>
      before?.topic === 'default-deny' && after === undefined
        ? [{ message: `${before.label} removed`, location: before.subject }]
        : [],
    ),
};
