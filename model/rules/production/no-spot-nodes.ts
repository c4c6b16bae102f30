import { productionDemand } from './production-demand';

export const noSpotNodes = productionDemand({
  id: 'PRD-007',
  title: 'No spot nodes in production',
  rationale: 'Google reclaims spot nodes with 30 seconds of notice, often many at the same time.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms',
  fix: 'remove cluster.nodes.spot',
  path: ['cluster', 'nodes', 'spot'],
  isSatisfied: ({ cluster }) => cluster.nodes?.spot !== true,
  message: () => 'production must not run on spot nodes',
});
