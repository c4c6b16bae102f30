import type { Flag } from './flag';

export const defaultDenyRemoved: Flag = {
  id: 'default-deny-removed',
  severity: 'critical',
  title: 'What no policy names is no longer refused',
  find: ({ facts }) =>
    facts.flatMap(({ before, after }) =>
      before?.topic === 'default-deny' && after === undefined
        ? [{ what: `no ${before.label} any more`, where: before.subject }]
        : [],
    ),
};
