import { productionDemand } from './production-demand';

export const regionalDatabase = productionDemand({
  id: 'PRD-008',
  title: 'The production database is regional',
  rationale: 'A zone failure stops every service that needs the database until the zone is back.',
  source: 'https://cloud.google.com/alloydb/docs/overview',
  fix: "set database.availability to 'regional'",
  path: ['database', 'availability'],
  isSatisfied: ({ database }) => database.availability === 'regional',
  message: () => 'production requires a regional database',
});
