import { productionDemand } from './production-demand';

export const regionalDatabase = productionDemand({
  id: 'PRD-008',
  title: 'A database of several zones',
  rationale: 'Orders could not be taken until the zone is back.',
  source: 'https://cloud.google.com/alloydb/docs/overview',
  fix: "set it to 'regional'",
  path: ['database', 'availability'],
  isMet: ({ database }) => database.availability === 'regional',
  message: () => 'a zone failure must not stop production',
});
