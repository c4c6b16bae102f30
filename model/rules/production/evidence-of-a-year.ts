import { productionDemand } from './production-demand';

const EVIDENCE_DAYS = 365;

export const evidenceOfAYear = productionDemand({
  id: 'PRD-009',
  title: 'Evidence of a year',
  rationale: 'An assessor asks for twelve months of audit logs (PCI DSS 10.5.1).',
  source: 'https://cloud.google.com/logging/docs/buckets',
  fix: 'keep production logs for a year or more',
  path: ['logs', 'retentionDays'],
  isMet: ({ logs }) => logs.retentionDays >= EVIDENCE_DAYS,
  message: ({ logs }) => `${logs.retentionDays} is less than the ${EVIDENCE_DAYS} days of PCI DSS 10.5.1`,
});
