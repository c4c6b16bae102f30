import { productionDemand } from './production-demand';

export const lastingNodes = productionDemand({
  id: 'PRD-007',
  title: 'Nodes that stay',
  rationale: 'Spot nodes leave with 30 seconds of notice, many at once.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms',
  fix: 'remove it',
  path: ['cluster', 'nodes', 'spot'],
  isMet: ({ cluster }) => cluster.nodes?.spot !== true,
  message: () => 'production runs on no node that Google may take away',
});
