import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';

export interface DisruptionBudgetProps {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Record<string, string>;
  };
  readonly matchLabels: Readonly<Record<string, string>>;
  /** Pods that node drains may evict at the same time. */
  readonly maxUnavailable: number;
}

/**
 * Disruption budget that protects ready pods only: a crash-looping pod would otherwise use up the budget, and a node
 * upgrade would wait for it.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
 */
export function renderDisruptionBudget(props: DisruptionBudgetProps): PodDisruptionBudget {
  const { metadata, matchLabels, maxUnavailable } = props;
  return new PodDisruptionBudget({
    metadata,
    spec: {
      maxUnavailable,
      selector: { matchLabels: { ...matchLabels } },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  });
}
