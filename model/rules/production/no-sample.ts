import { productionDemand } from './production-demand';

export const noSample = productionDemand({
  id: 'PRD-002',
  title: 'No sample container',
  rationale:
    'A sample answers every request with success, and a service that was never released looks healthy.',
  source: 'https://cloud.google.com/architecture/framework/reliability',
  fix: 'remove it',
  path: ['images', 'sample'],
  isMet: ({ images }) => images.sample === undefined,
  message: () => 'production runs no sample container',
});
