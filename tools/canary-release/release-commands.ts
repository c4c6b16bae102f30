/** `start`, `advance`, `pause`, `rollback`: every command but `finish`. */
import {
  pauseBlockers,
  stableBlockers,
  stepBlockers,
  weightCapBlockers,
  type Blocker,
} from '../../model/canary/blockers';
import { rolloutBlockers } from '../../model/canary/rollout';
import { liftEdits, pauseEdits, rollbackEdits, startEdits, weightEdits } from '../../model/canary/stage';
import { canaryVersion } from '../../model/canary/weight-cap';
import type { Version } from '../../model/service';
import { needing, blocked, settled, unlessBlocked, type CommandStage, type ReleaseCommand } from './command';
import type { CommittedRelease, Snapshot } from './snapshot';

/** @param image of the new version; without it, the sample of the environment */
export const start =
  (image?: string): ReleaseCommand =>
  ({ stage, entry, canaryPolicy, service, environment, now }) => {
    const { version } = canaryPolicy;
    const [stable] = service.versions;
    if (stage !== 'none' && stage !== 'rolled-back')
      return blocked(
        `a canary is running at ${entry.canary?.weightPercent} %`,
        "end it with 'finish' or 'rollback'",
      );
    if (image === undefined && environment.images.sample === undefined)
      return blocked('the image of the new version is missing', 'set --image');
    if (stage === 'rolled-back' && image === entry.images[version])
      return blocked(
        `${image ?? "the environment's sample"} was rolled back at ${entry.canary?.rolledBackAt}`,
        'set another --image',
      );
    if (image !== undefined && image === entry.images[stable.name])
      return blocked(`${stable.name} already runs ${image}`, 'set another --image');
    return settled({
      edits: startEdits(version, image, now),
      done: `${version} starts without traffic`,
      next: "apply the plan, then run 'advance' when its pods are ready",
    });
  };

export const advance: ReleaseCommand = (release) => {
  const { stage, entry, canaryPolicy, service } = release;
  const canary = canaryVersion(service);
  if (stage === 'none' || canary === undefined) return noCanary(release);
  switch (stage) {
    case 'waiting':
      return needing(['rollouts', 'weightCaps', 'evidence'], (snapshot) =>
        nextStep(snapshot, canary, [
          ...rolloutBlockers(service, canary, snapshot.rollouts),
          ...holdBlockers(snapshot),
          ...stableBlockers(service, snapshot.evidence),
        ]),
      );
    case 'stepping':
      return needing(['weightCaps', 'evidence'], (snapshot) =>
        nextStep(snapshot, canary, bakedBlockers(snapshot)),
      );
    case 'complete':
      return blocked(`${canaryPolicy.version} already receives all traffic`, "run 'finish'");
    case 'promoting':
    case 'promoted':
      return blocked('the release is being promoted', "run 'finish'");
    case 'rolled-back':
      return blocked(
        `the release was rolled back at ${entry.canary?.rolledBackAt}`,
        "run 'start' with another image",
      );
  }
};

function nextStep({ canaryPolicy, now }: CommittedRelease, canary: Version, blockers: readonly Blocker[]) {
  const weightPercent = canaryPolicy.stepsPercent.find((step) => step > canary.weightPercent) ?? 100;
  return unlessBlocked(blockers, {
    edits: weightEdits(weightPercent, now),
    done: `${canary.name} receives ${weightPercent} %`,
    next: `apply the plan, then run '${weightPercent === 100 ? 'finish' : 'advance'}'`,
  });
}

/** Possible while the canary may still receive more traffic. */
export const pause =
  (reason: string): ReleaseCommand =>
  (release) =>
    whileAdvancing(release, {
      edits: pauseEdits(reason),
      done: `paused at ${release.entry.canary?.weightPercent} %`,
      next: "run 'pause --lift' to restart the step",
    });

export const lift: ReleaseCommand = (release) =>
  whileAdvancing(release, {
    edits: liftEdits(release.now),
    done: 'the step restarts',
    next: "run 'advance' after it has baked",
  });

function whileAdvancing(release: CommittedRelease, outcome: Parameters<typeof settled>[0]): CommandStage {
  switch (release.stage) {
    case 'none':
      return noCanary(release);
    case 'waiting':
    case 'stepping':
    case 'complete':
      return settled(outcome);
    default:
      return blocked(`the release is ${release.stage}, so its weight no longer increases`, "run 'finish'");
  }
}

export const rollback: ReleaseCommand = (release) => {
  const { stage, entry, canaryPolicy, now } = release;
  switch (stage) {
    case 'none':
      return noCanary(release);
    case 'rolled-back':
      return blocked(
        `the release was rolled back at ${entry.canary?.rolledBackAt}`,
        "remove it with 'finish'",
      );
    case 'promoting':
    case 'promoted':
      return blocked(
        'the stable version already has the new image, so a rollback cannot restore the old one',
        "run 'finish', then 'start' with the former image",
      );
    default:
      return settled({
        edits: rollbackEdits(now),
        done: `${canaryPolicy.version} receives no traffic from now on`,
        next: "apply the plan, then run 'finish' to remove it, or 'start' with another image",
      });
  }
};

export function noCanary({ environment }: CommittedRelease): CommandStage {
  return blocked(`no canary is running in '${environment.name}'`, "run 'start'");
}

/** The step has baked: its requests suffice, and neither SLO is violated. */
export function bakedBlockers(snapshot: Snapshot<'weightCaps' | 'evidence'>): Blocker[] {
  const { service, evidence, now } = snapshot;
  return [...holdBlockers(snapshot), ...stepBlockers(service, evidence, Date.parse(now) / 1_000)];
}

/** By people, or by the rollback controller. */
export function holdBlockers({ service, entry, environment, weightCaps }: Snapshot<'weightCaps'>): Blocker[] {
  return [
    ...pauseBlockers(entry.canary?.pausedBecause),
    ...weightCapBlockers(service, environment, weightCaps),
  ];
}
