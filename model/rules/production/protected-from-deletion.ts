import { productionDemand } from './production-demand';

export const protectedFromDeletion = productionDemand({
  id: 'PRD-005',
  title: 'Production has deletion protection',
  rationale: 'A destroy in the wrong folder would delete the cluster and the database.',
  source: 'https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_cluster',
  fix: 'set deletionProtection to true',
  path: ['deletionProtection'],
  isSatisfied: ({ deletionProtection }) => deletionProtection,
  message: () => 'production requires deletion protection',
});
