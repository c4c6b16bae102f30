import type { Flag } from './flag';

/** Only a comparison with a commit knows the former release: a plan has no such findings. */
export const releaseTransition: Flag = {
  id: 'release-transition',
  severity: 'critical',
  title: 'Canary step skipped, or release edited by hand',
  find: ({ releaseTransitions }) =>
    releaseTransitions.map(({ ruleId, rule, service }) => ({
      message: `${rule} (${ruleId})`,
      location: service,
    })),
};
