import { allocatableOf, demandOf, NODE_LIMITS, nodeCounts, nodeZoneCount } from '../../cluster-capacity';
import type { Rule } from '../rule';

export const nodesHoldThePeak: Rule = {
  id: 'SCL-007',
  title: 'Nodes hold all pods at the peak',
  severity: 'warning',
  rationale:
    'Beyond the node pool the autoscalers create pods that stay pending, so services stop growing while their load still rises.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes',
  fix: 'raise cluster.nodes.maxPerZone, use a larger machine type, or lower maxReplicas',
  check: (environment) => {
    const nodes = nodeCounts(environment);
    const machineType = environment.cluster.nodes?.machineType;
    if (nodes === undefined || machineType === undefined) return [];
    const one = allocatableOf(machineType);
    const peak = demandOf(environment, 'maxReplicas');
    const shortages = [
      { unit: 'vCPU', need: peak.cpuMillicores / 1_000, node: one.cpuMillicores / 1_000 },
      ...(one.memoryMiB === undefined
        ? []
        : [{ unit: 'GiB', need: peak.memoryMiB / 1_024, node: one.memoryMiB / 1_024 }]),
      { unit: 'pods', need: peak.pods, node: NODE_LIMITS.standard.pods },
    ].filter(({ need, node }) => need > node * nodes.max);
    if (shortages.length === 0) return [];

    const zones = nodeZoneCount(environment);
    const most = Math.max(...shortages.map(({ need, node }) => Math.ceil(need / node / zones)));
    const listed = shortages.map(
      ({ unit, need, node }) => `${round(need)} ${unit} of ${round(node * nodes.max)}`,
    );
    return [
      {
        kind: 'environment',
        name: environment.name,
        path: ['cluster', 'nodes', 'maxPerZone'],
        message: `with every autoscaler at its maximum the pods request ${listed.join(' and ')} on ${nodes.max} nodes`,
        fix: `use at least ${most}, which leaves no room for GKE's own pods, or lower maxReplicas`,
      },
    ];
  },
};

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
