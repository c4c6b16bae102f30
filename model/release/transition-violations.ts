/** Violations of the rules on changes of releases. */
import { stepAt } from '../canary/steps';
import type { Service } from '../service';
import type { FolderContent } from '../source/read-folder';
import { sortByPlace } from '../source/violation';
import { serviceReleases, type ReleaseTransitionViolation } from './service-releases';
import type { ReleaseTransition } from './transition';
import { TRANSITION_RULES } from './transition-rules';

/**
 * Violations of {@link TRANSITION_RULES} by the change from `base` to `head`, sorted by place in `head`. Environments
 * that `base` does not have are new: nothing runs there that a release could interrupt. Files with errors of their own
 * are skipped, because `mesh validate` reports them.
 */
export function releaseTransitionViolations(
  base: FolderContent,
  head: FolderContent,
  now: Date,
): ReleaseTransitionViolation[] {
  const violations = serviceReleases(base, head, now.toISOString().slice(0, 10)).flatMap((release) => {
    const { isNewEnvironment, before, after, service } = release;
    if (isNewEnvironment) return [];
    const policy = [service.base, service.head].find((side) => side?.canaryPolicy !== undefined);
    const transition: ReleaseTransition = { before, after, ...policyOf(policy), now };
    return TRANSITION_RULES.flatMap(({ id, check }) =>
      check(transition).map(({ path, message, fix }) => release.violation(id, path, message, fix)),
    );
  });
  return sortByPlace(violations) as ReleaseTransitionViolation[];
}

function policyOf(service: Service | undefined): Pick<ReleaseTransition, 'stepsPercent' | 'bakeMinutesAt'> {
  const policy = service?.canaryPolicy;
  if (service === undefined || policy === undefined) return { stepsPercent: [100], bakeMinutesAt: () => 0 };
  return {
    stepsPercent: policy.stepsPercent,
    bakeMinutesAt: (weightPercent) => stepAt(service, weightPercent, policy.bakeMinutes).bakeMinutes,
  };
}
