import { productionDemand } from './production-demand';

const EVIDENCE_DAYS = 365;

export const logsRetainedForAYear = productionDemand({
  id: 'PRD-009',
  title: 'Evidence logs are retained for a year',
  rationale: 'PCI DSS 10.5.1 requires twelve months of audit logs.',
  source: 'https://cloud.google.com/logging/docs/buckets',
  fix: 'set logs.retentionDays to at least 365',
  path: ['logs', 'retentionDays'],
  isSatisfied: ({ logs }) => logs.retentionDays >= EVIDENCE_DAYS,
  message: ({ logs }) => `${logs.retentionDays} is less than the ${EVIDENCE_DAYS} days of PCI DSS 10.5.1`,
});
