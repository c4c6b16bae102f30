import { productionDemand } from './production-demand';

export const signedImages = productionDemand({
  id: 'PRD-003',
  title: 'Signed images only',
  rationale: 'Whoever can push an image could otherwise run it beside card data (PCI DSS 6.2.4, 6.5.1).',
  source: 'https://cloud.google.com/binary-authorization/docs/key-concepts',
  fix: "set it to 'required'",
  path: ['images', 'attestation'],
  isMet: ({ images }) => images.attestation === 'required',
  message: () => 'production starts signed images only',
});
