import { productionDemand } from './production-demand';

export const noSampleContainer = productionDemand({
  id: 'PRD-002',
  title: 'No sample container in production',
  rationale:
    'The sample responds to every request with success, so a service that was never released looks healthy.',
  source: 'https://cloud.google.com/architecture/framework/reliability',
  fix: 'remove images.sample, and release an image of each service',
  path: ['images', 'sample'],
  isSatisfied: ({ images }) => images.sample === undefined,
  message: () => 'production must not run the sample container',
});
