import { productionDemand } from './production-demand';

export const regionalCluster = productionDemand({
  id: 'PRD-006',
  title: 'The production cluster is regional',
  rationale: 'A zone failure takes down the control plane and all nodes of a zonal cluster.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters',
  fix: "set cluster.location to 'regional'",
  path: ['cluster', 'location'],
  isSatisfied: ({ cluster }) => cluster.location === 'regional',
  message: () => 'production requires a regional cluster',
});
