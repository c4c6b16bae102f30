import { productionDemand } from './production-demand';

export const productionImagesHaveDigests = productionDemand({
  id: 'PRD-001',
  title: 'Production images have a digest',
  rationale: 'A tag can move after the review, so another image than the approved one may run.',
  source: 'https://cloud.google.com/binary-authorization/docs/using-breakglass',
  fix: 'set images.requireDigest to true',
  path: ['images', 'requireDigest'],
  isSatisfied: ({ images }) => images.requireDigest,
  message: () => 'production requires images by digest',
});
