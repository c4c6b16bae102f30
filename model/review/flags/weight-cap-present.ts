import type { Flag } from './flag';

/** The plan was made with the weight cap applied: a committed weight above it is not what will run. */
export const weightCapPresent: Flag = {
  id: 'weight-cap-present',
  severity: 'medium',
  title: 'Canary limited by a weight cap',
  find: ({ weightCaps }) =>
    weightCaps.map(({ service, action, maximumWeightPercent, incident, time }) => ({
      message: `at most ${maximumWeightPercent} % (${action}) since ${time}, incident ${incident}`,
      location: service,
    })),
};
