import { productionDemand } from './production-demand';

export const evidenceLockIsStated = productionDemand({
  id: 'PRD-011',
  title: 'Production states whether evidence is locked',
  rationale:
    'An unlocked bucket lets a project owner delete evidence (PCI DSS 10.3.2), and a lock can never be undone, so neither may be a default.',
  source: 'docs/decisions/0047-evidence-is-locked-by-decision.md',
  fix: 'set logs.locked to true once the retention is final, or to false if the alert on changes of the bucket is enough',
  path: ['logs', 'locked'],
  isSatisfied: ({ logs }) => logs.locked !== undefined,
  message: () => 'production does not state whether the evidence bucket is locked',
});
