import { productionDemand } from './production-demand';

export const regionalCluster = productionDemand({
  id: 'PRD-006',
  title: 'A cluster of several zones',
  rationale: 'The control plane and all nodes of a zonal cluster go down with their zone.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters',
  fix: "set it to 'regional'",
  path: ['cluster', 'location'],
  isMet: ({ cluster }) => cluster.location === 'regional',
  message: () => 'a zone failure must not stop production',
});
