import { productionDemand } from './production-demand';

export const scannedImages = productionDemand({
  id: 'PRD-004',
  title: 'Production images are scanned',
  rationale: 'Without scans, known vulnerabilities in images are not detected (PCI DSS 6.3.1, 11.3.1).',
  source: 'https://cloud.google.com/artifact-analysis/docs/artifact-analysis',
  fix: 'set images.scanning to true',
  path: ['images', 'scanning'],
  isSatisfied: ({ images }) => images.scanning,
  message: () => 'production requires vulnerability scanning of images',
});
