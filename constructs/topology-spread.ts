import type { ITopologySpreadConstraint } from 'kubernetes-models/v1/TopologySpreadConstraint';

export interface TopologySpread {
  /** Labels of the pods that are spread. */
  readonly matchLabels: Readonly<Record<string, string>>;
  /** Whether a pod stays pending rather than make the zones uneven. */
  readonly zonesRequired: boolean;
}

/**
 * Spreads pods over zones and nodes.
 *
 * Only nodes that take the pod count (`nodeTaintsPolicy`): without it the unreachable nodes of a failed zone stay a zone
 * with no pod, and no further pod fits into the others. Only pods of the same rollout count (`matchLabelKeys`): without
 * it a rollout that passes the check with the old pods can end uneven.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
 */
export function renderTopologySpread({
  matchLabels,
  zonesRequired,
}: TopologySpread): ITopologySpreadConstraint[] {
  const common = {
    maxSkew: 1,
    labelSelector: { matchLabels: { ...matchLabels } },
    matchLabelKeys: ['pod-template-hash'],
    nodeTaintsPolicy: 'Honor' as const,
  };
  return [
    {
      ...common,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: zonesRequired ? 'DoNotSchedule' : 'ScheduleAnyway',
    },
    { ...common, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
  ];
}
