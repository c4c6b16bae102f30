/** What each sub-command does to the release, or why not. */
import {
  weightCapBlockers,
  pauseBlockers,
  promotionBlockers,
  stableBlockers,
  stepBlockers,
  trafficBlockers,
  type Blocker,
} from '../../model/canary/blockers';
import {
  liftEdits,
  pauseEdits,
  promoteEdits,
  removeEdits,
  rollbackEdits,
  startEdits,
  weightEdits,
  type Edit,
} from '../../model/canary/stage';
import { UsageError } from '../usage-error';
import type { Session } from './session';

/** On its way back the stable version takes half first: its autoscaler has seen no traffic for a while. */
const HALF_PERCENT = 50;

export type CommandOutcome =
  | { readonly edits: readonly Edit[]; readonly done: string; readonly next: string }
  /** Nothing is written. */
  | { readonly blockers: readonly [Blocker, ...Blocker[]] };

export function start(
  { stage, entry, policy, service, environment, nowText }: Session,
  image?: string,
): CommandOutcome {
  if (stage !== 'none' && stage !== 'rolled-back')
    return refuse(
      `a canary runs already, at ${entry.canary?.weightPercent} %`,
      "end it by 'finish' or 'rollback'",
    );
  if (image === undefined && environment.images.sample === undefined)
    throw new UsageError("name the new version's image with --image");
  if (stage === 'rolled-back' && image === entry.images[policy.version])
    return refuse(
      `${image ?? "the environment's sample"} was rolled back at ${entry.canary?.rolledBackAt}`,
      'start another image, with --image',
    );
  const [stable] = service.versions;
  if (image !== undefined && image === entry.images[stable.name])
    return refuse(`${stable.name} runs ${image} already`, 'start another image');
  return {
    edits: startEdits(policy.version, image, nowText),
    done: `${policy.version} starts without traffic`,
    next: "apply the plan, then 'advance' when its pods are ready",
  };
}

export async function advance(session: Session): Promise<CommandOutcome> {
  const { stage, entry, policy, canary, nowText } = atCanary(session);
  if (stage === 'complete')
    return refuse(`${policy.version} takes all traffic, there is no further step`, "go on by 'finish'");
  if (stage === 'promoting' || stage === 'promoted')
    return refuse('the release is being promoted', "go on by 'finish'");
  if (stage === 'rolled-back')
    return refuse(`the release was rolled back at ${entry.canary?.rolledBackAt}`, "'start' another image");
  const weightPercent = policy.stepsPercent.find((step) => step > canary.weightPercent) ?? 100;
  const blockers = await (stage === 'waiting' ? readyBlockers(session) : bakedBlockers(session));
  return (
    refuseAll(blockers) ?? {
      edits: weightEdits(weightPercent, nowText),
      done: `${policy.version} takes ${weightPercent} %`,
      next: weightPercent === 100 ? "apply the plan, then 'finish'" : "apply the plan, then 'advance'",
    }
  );
}

/** Any stage in which the canary may still get more traffic can be held. */
export function pause(session: Session, reason: string): CommandOutcome {
  const { stage, canary } = atCanary(session);
  if (stage !== 'waiting' && stage !== 'stepping' && stage !== 'complete')
    return refuse(`the release is ${stage}`, 'there is nothing to hold');
  return {
    edits: pauseEdits(reason),
    done: `held at ${canary.weightPercent} %`,
    next: "'pause --lift' begins the step again",
  };
}

export function lift(session: Session): CommandOutcome {
  const { stage, nowText } = atCanary(session);
  if (stage !== 'waiting' && stage !== 'stepping' && stage !== 'complete')
    return refuse(`the release is ${stage}`, 'there is no step to begin again');
  return { edits: liftEdits(nowText), done: 'the step begins again', next: "'advance' when it has baked" };
}

export function rollback(session: Session): CommandOutcome {
  const { stage, entry, policy, nowText } = atCanary(session);
  if (stage === 'rolled-back')
    return refuse(`the release was rolled back at ${entry.canary?.rolledBackAt}`, "remove it by 'finish'");
  if (stage === 'promoting' || stage === 'promoted')
    return refuse(
      'the stable version runs the new image already, so there is no way back to the old one',
      "'finish', then 'start' the former image",
    );
  return {
    edits: rollbackEdits(nowText),
    done: `${policy.version} takes no traffic and will get none again`,
    next: "apply the plan; 'finish' removes it, 'start' tries another image",
  };
}

/** One move of the promotion at a time, each to be planned and applied before the next. */
export async function finish(session: Session): Promise<CommandOutcome> {
  const { stage, entry, service, policy, canary, nowText } = atCanary(session);
  const [stable] = service.versions;
  switch (stage) {
    case 'complete': {
      if (entry.images[policy.version] === undefined)
        return refuse(
          `${policy.version} has no image of its own, both versions run the sample`,
          "'rollback', then 'finish' to remove it",
        );
      return (
        refuseAll(await bakedBlockers(session)) ?? {
          edits: promoteEdits(entry),
          done: `${stable.name} gets the new image while ${policy.version} takes all traffic`,
          next: "apply the plan, then 'finish' when its pods are ready",
        }
      );
    }
    case 'promoting': {
      const unready = session.unreadiness(stable);
      if (unready !== undefined) return refuse(unready, 'wait for the rollout');
      if (canary.weightPercent > HALF_PERCENT)
        return {
          edits: weightEdits(HALF_PERCENT, nowText),
          done: `half of the traffic goes back to ${stable.name}, which runs the new image`,
          next: `apply the plan, then 'finish' after ${policy.detection.fastWindowMinutes} min`,
        };
      return (
        refuseAll([...settledBlockers(session), ...promotionBlockers(service, await session.evidence())]) ?? {
          edits: weightEdits(0, nowText),
          done: `all traffic goes back to ${stable.name}`,
          next: "apply the plan, then 'finish' to remove the canary",
        }
      );
    }
    case 'promoted':
      return (
        refuseAll(await unusedBlockers(session)) ?? {
          edits: removeEdits(entry),
          done: `${policy.version} is gone, ${stable.name} is the new release`,
          next: 'apply the plan',
        }
      );
    case 'rolled-back':
      return (
        refuseAll(await unusedBlockers(session)) ?? {
          edits: removeEdits(entry),
          done: `${policy.version} is gone, ${stable.name} is as it was`,
          next: 'apply the plan',
        }
      );
    case 'waiting':
    case 'stepping':
      return refuse(
        `${policy.version} takes ${canary.weightPercent} % and has not passed every step`,
        "go on by 'advance', or give it up by 'rollback'",
      );
    case 'none':
      throw new Error('a session at a canary has one');
  }
}

async function readyBlockers(session: Session): Promise<Blocker[]> {
  const unready = session.unreadiness(session.canary);
  return [
    ...(unready === undefined ? [] : [{ rule: unready, fix: 'apply the plan and wait for the rollout' }]),
    ...pauseBlockers(session.entry.canary?.pausedBecause),
    ...weightCapBlockers(session.weightCaps()),
    ...stableBlockers(session.service, await session.evidence()),
  ];
}

async function bakedBlockers(session: Session): Promise<Blocker[]> {
  return [
    ...pauseBlockers(session.entry.canary?.pausedBecause),
    ...weightCapBlockers(session.weightCaps()),
    ...stepBlockers(session.service, await session.evidence(), session.nowSeconds),
  ];
}

/** Time for the plan to be applied and for the requests under way to end, and none seen since. */
async function unusedBlockers(session: Session): Promise<Blocker[]> {
  return [...settledBlockers(session), ...trafficBlockers(session.canary, await session.evidence())];
}

/** Proxies take a new weight within seconds; what goes wrong shows within the fast window. */
function settledBlockers({ service, policy, nowSeconds }: Session): Blocker[] {
  const minutes = (nowSeconds - service.canaryRelease.stepSinceSeconds) / 60;
  const needed = policy.detection.fastWindowMinutes;
  return minutes >= needed
    ? []
    : [
        {
          rule: `the weight has changed ${Math.max(0, Math.floor(minutes))} min ago`,
          fix: `wait ${Math.ceil(needed - minutes)} min`,
        },
      ];
}

function atCanary(session: Session): Session {
  if (session.stage === 'none')
    throw new UsageError(
      `no canary of '${session.service.catalogueName}' runs in '${session.environment.name}'; begin by 'start'`,
    );
  return session;
}

function refuse(rule: string, fix: string): CommandOutcome {
  return { blockers: [{ rule, fix }] };
}

function refuseAll([first, ...others]: readonly Blocker[]): CommandOutcome | undefined {
  return first && { blockers: [first, ...others] };
}
