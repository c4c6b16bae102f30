import type { FactChange } from '../fact-change';
import type { WeightCap } from '../../canary/weight-cap';
import type { ResourceChange } from '../resource-change';

/** From the worst down; a gate on one of them stops at it and at all before it. */
export const SEVERITIES = ['critical', 'high', 'medium', 'notice'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What flags look at: everything of one environment that changes. */
export interface Evidence {
  /** Resources that are created, changed, moved or destroyed. */
  readonly changes: readonly ResourceChange[];
  readonly facts: readonly FactChange[];
  /** What differs from the state because somebody changed it elsewhere. */
  readonly drift: readonly ResourceChange[];
  /** Ceilings that hold a canary down while the plan was made. */
  readonly weightCaps: readonly WeightCap[];
}

export interface Finding {
  /** What is the matter, in one line without names of resources. */
  readonly what: string;
  /** Address, or the service that it is about. */
  readonly where: string;
}

/** One kind of risk. */
export interface Flag {
  /** Name for `--fail-on`. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly find: (evidence: Evidence) => Finding[];
}

export function isGone({ action }: ResourceChange): boolean {
  return action === 'delete' || action === 'replace';
}

/** `replaced because of manifest.metadata.name`, `destroyed`. */
export function actionVerb({ action, replacedBecauseOf }: ResourceChange): string {
  if (action !== 'replace') return 'destroyed';
  return replacedBecauseOf.length === 0
    ? 'destroyed and created anew'
    : `destroyed and created anew because of ${replacedBecauseOf.join(', ')}`;
}
