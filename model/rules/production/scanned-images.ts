import { productionDemand } from './production-demand';

export const scannedImages = productionDemand({
  id: 'PRD-004',
  title: 'Images are scanned',
  rationale: 'A known vulnerability in a base image stays unseen until it is used (PCI DSS 6.3.1, 11.3.1).',
  source: 'https://cloud.google.com/artifact-analysis/docs/artifact-analysis',
  fix: 'set it to true',
  path: ['images', 'scanning'],
  isMet: ({ images }) => images.scanning,
  message: () => 'production images are searched for vulnerabilities',
});
