import type { FactChange } from '../fact-change';
import type { WeightCap } from '../../canary/weight-cap';
import type { ReleaseTransitionViolation } from '../../release/service-releases';
import type { Drift } from '../drift';
import type { ResourceChange } from '../resource-change';

/** Most severe first; a gate on one of them also stops at every one before it. */
export const RISK_SEVERITIES = ['critical', 'high', 'medium', 'notice'] as const;
export type RiskSeverity = (typeof RISK_SEVERITIES)[number];

/** Input of every flag: all that changes in one environment. */
export interface ReviewInput {
  /** Resources that are created, changed, moved or destroyed. */
  readonly changes: readonly ResourceChange[];
  readonly facts: readonly FactChange[];
  /** Changes outside of Terraform that the apply reverts. */
  readonly drift: readonly Drift[];
  /** Weight caps in force when the plan was made. */
  readonly weightCaps: readonly WeightCap[];
  /** Of this environment; empty without a base to compare release files with. */
  readonly releaseTransitions: readonly ReleaseTransitionViolation[];
  readonly environment: string;
  /** Stacks that are no longer synthesized. */
  readonly removedStacks: readonly string[];
  /** Whether the environment has no stack left. */
  readonly isEnvironmentRemoved: boolean;
  /** Repositories of the images that ran before the change. */
  readonly knownRepositories: ReadonlySet<string>;
  /** Google project of the environment, if an AuthorizationPolicy names it. */
  readonly project: string | undefined;
  /** `checkout v2` for a canary that receives no request and ends. */
  readonly idleVersions: ReadonlySet<string>;
}

export interface RiskFinding {
  /** The problem in one line, without resource names. */
  readonly message: string;
  /** Resource address, or the service concerned. */
  readonly location: string;
}

/** One kind of risk. */
export interface Flag {
  /** Name for `--fail-on`. */
  readonly id: string;
  readonly severity: RiskSeverity;
  readonly title: string;
  readonly find: (input: ReviewInput) => RiskFinding[];
}

export function isDestroyed({ action }: ResourceChange): boolean {
  return action === 'delete' || action === 'replace';
}

/** `destroyed`, `destroyed and recreated (forced by manifest.metadata.name)`. */
export function describeDestruction({ action, replacedBecauseOf }: ResourceChange): string {
  if (action !== 'replace') return 'destroyed';
  return replacedBecauseOf.length === 0
    ? 'destroyed and recreated'
    : `destroyed and recreated (forced by ${replacedBecauseOf.join(', ')})`;
}
