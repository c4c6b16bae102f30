import { productionDemand } from './production-demand';

export const signedImages = productionDemand({
  id: 'PRD-003',
  title: 'Production images are signed',
  rationale: 'Otherwise anyone who can push an image can run it next to card data (PCI DSS 6.2.4, 6.5.1).',
  source: 'https://cloud.google.com/binary-authorization/docs/key-concepts',
  fix: "set images.attestation to 'required'",
  path: ['images', 'attestation'],
  isSatisfied: ({ images }) => images.attestation === 'required',
  message: () => 'production requires signed images',
});
