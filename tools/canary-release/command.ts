/** A command declares its inputs for the stage of the release, and computes its outcome from a snapshot of them. */
import type { Blocker } from '../../model/canary/blockers';
import type { ReleaseEdit } from '../../model/canary/stage';
import { gather, type CommittedRelease, type InputName, type Snapshot, type Sources } from './snapshot';

export type CommandOutcome =
  | { readonly edits: readonly ReleaseEdit[]; readonly done: string; readonly next: string }
  /** The release file stays as it is. */
  | { readonly blockers: readonly [Blocker, ...Blocker[]] };

export interface CommandStage<N extends InputName = InputName> {
  readonly needs: readonly N[];
  /** Without side effects. */
  readonly outcome: (snapshot: Snapshot<N>) => CommandOutcome;
}

export type ReleaseCommand = (release: CommittedRelease) => CommandStage;

/** @throws UsageError if an input cannot be read */
export async function outcomeOf(
  command: ReleaseCommand,
  release: CommittedRelease,
  sources: Sources,
): Promise<CommandOutcome> {
  const { needs, outcome } = command(release);
  return outcome(await gather(release, needs, sources));
}

export function needing<N extends InputName>(
  needs: readonly N[],
  outcome: CommandStage<N>['outcome'],
): CommandStage<N> {
  return { needs, outcome };
}

/** The committed release alone determines the outcome. */
export function settled(outcome: CommandOutcome): CommandStage {
  return { needs: [], outcome: () => outcome };
}

export function blocked(reason: string, fix: string): CommandStage {
  return settled({ blockers: [{ reason, fix }] });
}

export function unlessBlocked(
  [first, ...others]: readonly Blocker[],
  outcome: CommandOutcome,
): CommandOutcome {
  return first === undefined ? outcome : { blockers: [first, ...others] };
}
