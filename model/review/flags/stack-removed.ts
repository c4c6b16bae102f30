import type { Flag } from './flag';

/** Nothing plans a stack that is not synthesized, so nothing destroys its resources: they run on without anyone. */
export const stackRemoved: Flag = {
  id: 'stack-removed',
  severity: 'critical',
  title: 'Stack or environment left the catalogue; nothing destroys its resources',
  find: ({ removedStacks, environment, isEnvironmentRemoved }) => {
    if (removedStacks.length === 0) return [];
    const fix = 'destroy it first: docs/runbooks/services-and-environments.md';
    return isEnvironmentRemoved
      ? [
          {
            message: `environment removed with ${removedStacks.length} stacks; ${fix}`,
            location: environment,
          },
        ]
      : removedStacks.map((stack) => ({ message: `stack removed; ${fix}`, location: stack }));
  },
};
