import { productionDemand } from './production-demand';

export const protectedFromDeletion = productionDemand({
  id: 'PRD-005',
  title: 'Protected from deletion',
  rationale: 'A destroy in the wrong folder would take the cluster and the orders with it.',
  source: 'https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_cluster',
  fix: 'set it to true',
  path: ['deletionProtection'],
  isMet: ({ deletionProtection }) => deletionProtection,
  message: () => 'production must be protected from deletion',
});
