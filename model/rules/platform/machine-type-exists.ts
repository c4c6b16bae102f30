import { existingAlternatives } from '../../machine-types';
import type { Rule } from '../rule';

export const machineTypeExists: Rule = {
  id: 'PLT-009',
  title: 'The machine type of the nodes exists',
  severity: 'error',
  rationale: 'Google rejects the node pool after the cluster has been created without nodes.',
  source: 'https://cloud.google.com/compute/docs/general-purpose-machines',
  fix: 'use a size of the series; add a size that Google offers since then to model/machine-types.ts, or waive this rule until then',
  check: ({ name, cluster }) => {
    const machineType = cluster.nodes?.machineType;
    const alternatives = machineType === undefined ? undefined : existingAlternatives(machineType);
    if (alternatives === undefined) return [];
    return [
      {
        kind: 'environment',
        name,
        path: ['cluster', 'nodes', 'machineType'],
        message: `'${machineType}' is not a machine type`,
        fix: `use one of ${alternatives.join(', ')}`,
      },
    ];
  },
};
