import type { Flag } from './flag';

/** The plan was made under it: a committed weight above the ceiling is not what will run. */
export const weightCapPresent: Flag = {
  id: 'weight-cap-present',
  severity: 'medium',
  title: 'A ceiling holds a canary down',
  find: ({ weightCaps }) =>
    weightCaps.map(({ service, action, maximumWeightPercent, incident, time }) => ({
      what: `at most ${maximumWeightPercent} % (${action}) since ${time}, incident ${incident}`,
      where: service,
    })),
};
