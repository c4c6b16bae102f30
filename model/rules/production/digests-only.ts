import { productionDemand } from './production-demand';

export const digestsOnly = productionDemand({
  id: 'PRD-001',
  title: 'Images by digest',
  rationale: 'A tag can be moved after the review, so what runs is not what was approved.',
  source: 'https://cloud.google.com/binary-authorization/docs/using-breakglass',
  fix: 'set it to true',
  path: ['images', 'requireDigest'],
  isMet: ({ images }) => images.requireDigest,
  message: () => 'production takes images by digest only',
});
