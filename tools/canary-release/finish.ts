/** `finish`: promotes or removes a canary, one step at a time, each planned and applied before the next. */
import { promotionBlockers, trafficBlockers, type Blocker } from '../../model/canary/blockers';
import { rolloutBlockers } from '../../model/canary/rollout';
import { promoteEdits, removeEdits, RETURN_PERCENT, weightEdits } from '../../model/canary/stage';
import { canaryVersion } from '../../model/canary/weight-cap';
import type { Version } from '../../model/service';
import { needing, blocked, unlessBlocked, type CommandStage, type ReleaseCommand } from './command';
import { bakedBlockers, noCanary } from './release-commands';
import type { CommittedRelease } from './snapshot';

export const finish: ReleaseCommand = (release) => {
  const { stage, service } = release;
  const canary = canaryVersion(service);
  if (stage === 'none' || canary === undefined) return noCanary(release);
  const [stable] = service.versions;
  switch (stage) {
    case 'waiting':
    case 'stepping':
      return blocked(
        `${canary.name} receives ${canary.weightPercent} % and has not passed every step`,
        "run 'advance', or end the release with 'rollback'",
      );
    case 'complete':
      return promote(release, canary);
    case 'promoting':
      return canary.weightPercent > RETURN_PERCENT ? returnHalf(release) : returnAll(release);
    case 'promoted':
      return remove(canary, `${canary.name} is removed, ${stable.name} has the new image`);
    case 'rolled-back':
      return remove(canary, `${canary.name} is removed, ${stable.name} is unchanged`);
  }
};

function promote({ entry, service }: CommittedRelease, { name }: Version): CommandStage {
  if (entry.images[name] === undefined)
    return blocked(
      `${name} has no image of its own, both versions run the sample`,
      "run 'rollback', then 'finish' to remove it",
    );
  return needing(['weightCaps', 'evidence'], (snapshot) =>
    unlessBlocked(bakedBlockers(snapshot), {
      edits: promoteEdits(entry),
      done: `${service.versions[0].name} gets the new image while ${name} receives all traffic`,
      next: "apply the plan, then run 'finish' when its pods are ready",
    }),
  );
}

function returnHalf({ service, canaryPolicy, now }: CommittedRelease): CommandStage {
  const [stable] = service.versions;
  return needing(['rollouts'], ({ rollouts }) =>
    unlessBlocked(rolloutBlockers(service, stable, rollouts), {
      edits: weightEdits(RETURN_PERCENT, now),
      done: `half of the traffic returns to ${stable.name}, which runs the new image`,
      next: `apply the plan, then run 'finish' after ${canaryPolicy.detection.fastWindowMinutes} min`,
    }),
  );
}

function returnAll(release: CommittedRelease): CommandStage {
  const { service, now } = release;
  const [stable] = service.versions;
  return needing(['rollouts', 'evidence'], ({ rollouts, evidence }) =>
    unlessBlocked(
      [
        ...rolloutBlockers(service, stable, rollouts),
        ...settlingBlockers(release),
        ...promotionBlockers(service, evidence),
      ],
      {
        edits: weightEdits(0, now),
        done: `all traffic returns to ${stable.name}`,
        next: "apply the plan, then run 'finish' to remove the canary",
      },
    ),
  );
}

function remove(canary: Version, done: string): CommandStage {
  return needing(['evidence'], (snapshot) =>
    unlessBlocked([...settlingBlockers(snapshot), ...trafficBlockers(canary, snapshot.evidence)], {
      edits: removeEdits(snapshot.entry),
      done,
      next: 'apply the plan',
    }),
  );
}

/** Proxies receive a new weight within seconds; its effects are visible within the fast window. */
function settlingBlockers({ service, canaryPolicy, now }: CommittedRelease): Blocker[] {
  const minutes = (Date.parse(now) / 1_000 - service.canaryRelease.stepSinceSeconds) / 60;
  const needed = canaryPolicy.detection.fastWindowMinutes;
  return minutes >= needed
    ? []
    : [
        {
          reason: `the weight changed ${Math.max(0, Math.floor(minutes))} min ago`,
          fix: `wait ${Math.ceil(needed - minutes)} min`,
        },
      ];
}
