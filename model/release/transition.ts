/** One service in one environment, before and after a change of its release file. */
import type { ReleaseEntry } from '../canary/stage';
import type { RuleFacts } from '../rules/rule';
import type { Path } from '../source/yaml-document';

type CanaryEntry = NonNullable<ReleaseEntry['canary']>;

export interface ReleaseTransition {
  /** `undefined` if the service had no release. */
  readonly before: ReleaseEntry | undefined;
  /** `undefined` if the release was removed. */
  readonly after: ReleaseEntry | undefined;
  /** Weights of the policy before the change; of the policy after it for a new service. */
  readonly stepsPercent: readonly number[];
  /** Shortest time at the weight, by the policy before the change. */
  readonly bakeMinutesAt: (weightPercent: number) => number;
  readonly now: Date;
}

export interface TransitionFinding {
  /** In the entry of the service. */
  readonly path: Path;
  readonly message: string;
  readonly fix: string;
}

export interface TransitionRule extends RuleFacts {
  readonly check: (transition: ReleaseTransition) => readonly TransitionFinding[];
}

/** The same canary on both sides: its image and version are unchanged. */
export interface ContinuedCanary {
  readonly was: CanaryEntry;
  readonly is: CanaryEntry;
}

/** `undefined` if the canary is new, has another image, or was removed. */
export function continuedCanary({ before, after }: ReleaseTransition): ContinuedCanary | undefined {
  const [was, is] = [before?.canary, after?.canary];
  if (was === undefined || is === undefined || was.version !== is.version) return undefined;
  return before?.images[was.version] === after?.images[is.version] ? { was, is } : undefined;
}

/** A canary that did not run before, or not with this image. */
export function startedCanary(transition: ReleaseTransition): CanaryEntry | undefined {
  return continuedCanary(transition) === undefined ? transition.after?.canary : undefined;
}
