/** The policy that an environment takes only images that another one has run for a declared time. */
import { rolledOutAt, rolloutBlockers, type Rollout } from '../canary/rollout';
import type { Environment } from '../environment';
import { STABLE_VERSION } from '../naming';
import type { RuleFacts } from '../rules/rule';
import { committedPercent, servedSince, type ReleaseHistory } from './history';
import { imageParts, shortImage } from './image';
import type { ReleaseTransitionViolation, ServiceRelease } from './service-releases';

export const PROMOTION_RULE: RuleFacts = {
  id: 'REL-006',
  title: 'Images come from the former environment',
  severity: 'error',
  rationale: 'An image that has not served requests in staging shows its failures to customers first.',
  source: 'docs/releases.md',
  fix: "wait, or ship a hotfix with 'mesh release set … --hotfix … --ticket …'",
};

/** An image that a change brings into an environment with a promotion policy. */
export interface IncomingImage {
  readonly environment: string;
  readonly service: string;
  /** Present and former name of the service. */
  readonly names: readonly string[];
  readonly version: string;
  readonly image: string;
  /** Policy of the base; of the change for a new environment. */
  readonly policy: NonNullable<Environment['promotion']>;
  readonly hotfix: { readonly reason: string; readonly ticket: string } | undefined;
  /** At the image in the release file of the change. */
  readonly violation: (message: string) => ReleaseTransitionViolation;
}

/** Images with a digest that no version had before the change, in environments with a policy. */
export function incomingImages(releases: readonly ServiceRelease[]): IncomingImage[] {
  return releases.flatMap((release) => {
    const { environment, isNewEnvironment, before, after, environmentName, serviceName, names } = release;
    const policy = (isNewEnvironment ? environment.head : environment.base)?.promotion;
    if (policy === undefined) return [];
    const known = new Set(Object.values(before?.images ?? {}).map((image) => imageParts(image).digest));
    return Object.entries(after?.images ?? {}).flatMap(([version, image]): IncomingImage[] => {
      const { digest } = imageParts(image);
      if (digest !== undefined && known.has(digest)) return [];
      const isHotfix = digest !== undefined && after?.hotfix?.digest === digest;
      return [
        {
          environment: environmentName,
          service: serviceName,
          names,
          version,
          image,
          policy,
          hotfix: isHotfix ? after.hotfix : undefined,
          violation: (message) =>
            release.violation(PROMOTION_RULE.id, ['images', version], message, PROMOTION_RULE.fix),
        },
      ];
    });
  });
}

/**
 * @param source history of the environment to promote from, of the base branch
 * @returns why the image must not be released yet, by what was committed
 */
export function historyBlocker(
  { environment, names, image, policy }: IncomingImage,
  source: ReleaseHistory,
  now: Date,
): string | undefined {
  const { digest } = imageParts(image);
  const { from, soakMinutes } = policy;
  if (digest === undefined) return `${image} has no digest, so '${from}' cannot have run it`;
  const since = servedSince(source, names, digest);
  if (since === undefined) return `'${from}' does not run ${shortImage(image)}`;
  // An incomplete history has the latest start.
  return soakBlocker(`'${from}' has run ${shortImage(image)}`, environment, since.timeMs, soakMinutes, now);
}

/**
 * @param source environment to promote from, resolved from the base; `undefined` if it is invalid
 * @param rollouts Deployments in its cluster
 * @returns why the image must not be released yet, by what the cluster reports
 */
export function clusterBlocker(
  { environment, service, image, policy }: IncomingImage,
  source: Environment | undefined,
  rollouts: readonly Rollout[],
  now: Date,
): string | undefined {
  const { from, soakMinutes } = policy;
  const { digest } = imageParts(image);
  const running = source?.services.find(({ catalogueName }) => catalogueName === service);
  const version = running?.versions.find(
    (one) => imageParts(one.image).digest === digest && one.weightPercent > 0,
  );
  if (running === undefined || version === undefined) return `'${from}' does not run ${shortImage(image)}`;
  const [unready] = rolloutBlockers(running, version, rollouts);
  if (unready !== undefined) return `in the cluster of '${from}', ${unready.reason}`;
  const rollout = rollouts.find(
    ({ metadata }) => metadata.name === version.workload && metadata.namespace === running.namespace,
  );
  const readyMs = rollout && rolledOutAt(rollout);
  if (readyMs === undefined)
    return `the cluster of '${from}' does not report since when '${version.workload}' is available`;
  const subject = `all pods of '${version.workload}' in '${from}' have run ${shortImage(image)}`;
  return soakBlocker(subject, environment, readyMs, soakMinutes, now);
}

function soakBlocker(
  subject: string,
  environment: string,
  sinceMs: number,
  soakMinutes: number,
  now: Date,
): string | undefined {
  const minutes = Math.floor((now.getTime() - sinceMs) / 60_000);
  return minutes >= soakMinutes
    ? undefined
    : `${subject} for ${Math.max(0, minutes)} min; '${environment}' requires ${soakMinutes} min`;
}

/** A revert restores an image that customers have used before: it needs no other environment. */
export function isRestored({ names, image }: IncomingImage, { revisions }: ReleaseHistory): boolean {
  const { digest } = imageParts(image);
  if (digest === undefined) return false;
  return revisions.some(({ services }) =>
    names.some((name) => {
      const entry = services[name];
      const stable = entry?.images[STABLE_VERSION];
      return (
        entry !== undefined &&
        stable !== undefined &&
        imageParts(stable).digest === digest &&
        committedPercent(entry, STABLE_VERSION) > 0
      );
    }),
  );
}
