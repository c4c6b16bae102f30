/** The stages of a release, derived from its entry in `releases/<environment>.yaml`, and the edits between them. */
import { STABLE_VERSION } from '../naming';
import type { ReleaseSpec } from '../schema/release-schema';

export type ReleaseEntry = Readonly<ReleaseSpec['services'][string]>;

/**
 * `none`: only the stable version runs. `waiting`: the canary's pods start, without traffic. `stepping`: the canary
 * receives its share. `complete`: it receives all traffic and bakes for the last time. `promoting`: the stable version
 * runs the canary's image, and traffic returns to it. `promoted`: all traffic has returned. `rolled-back`: the release
 * has ended, and the canary receives no traffic.
 *
 * New pods are ready before they receive traffic, and old ones lose their traffic before they stop. After the canary
 * has passed, no request goes to the old image.
 */
export type Stage = 'none' | 'waiting' | 'stepping' | 'complete' | 'promoting' | 'promoted' | 'rolled-back';

/** The canary's weight while the first share returns to the stable version, whose autoscaler has seen no traffic. */
export const RETURN_PERCENT = 50;

export function stageOf({ images, canary: canaryRelease }: ReleaseEntry): Stage {
  if (canaryRelease === undefined) return 'none';
  if (canaryRelease.rolledBackAt !== undefined) return 'rolled-back';
  const { weightPercent, version } = canaryRelease;
  const isPromoted = images[version] !== undefined && images[version] === images[STABLE_VERSION];
  if (isPromoted) return weightPercent === 0 ? 'promoted' : 'promoting';
  if (weightPercent === 0) return 'waiting';
  return weightPercent === 100 ? 'complete' : 'stepping';
}

/** One value of the entry; `undefined` removes it. */
export interface ReleaseEdit {
  readonly path: readonly [string, ...string[]];
  readonly value: string | number | undefined;
}

/** A new canary without traffic. Without an image, the sample of the environment runs. */
export function startEdits(version: string, image: string | undefined, now: string): ReleaseEdit[] {
  return [
    ...(image === undefined ? [] : [edit(['images', version], image)]),
    // Removes times and reasons of the former canary.
    edit(['canary'], undefined),
    edit(['canary', 'version'], version),
    edit(['canary', 'weightPercent'], 0),
    edit(['canary', 'startedAt'], now),
    edit(['canary', 'stepSince'], now),
  ];
}

export function weightEdits(weightPercent: number, now: string): ReleaseEdit[] {
  return [edit(['canary', 'weightPercent'], weightPercent), edit(['canary', 'stepSince'], now)];
}

/** The entry stays, so that weight caps still apply and the pods remain for investigation. */
export function rollbackEdits(now: string): ReleaseEdit[] {
  return [
    ...weightEdits(0, now),
    edit(['canary', 'rolledBackAt'], now),
    edit(['canary', 'pausedBecause'], undefined),
  ];
}

export function pauseEdits(reason: string): ReleaseEdit[] {
  return [edit(['canary', 'pausedBecause'], reason)];
}

/** The step restarts: requests before the pause no longer count. */
export function liftEdits(now: string): ReleaseEdit[] {
  return [edit(['canary', 'pausedBecause'], undefined), edit(['canary', 'stepSince'], now)];
}

/** The stable version gets the new image while the canary receives all traffic. */
export function promoteEdits({ images, canary: canaryRelease }: ReleaseEntry): ReleaseEdit[] {
  return [edit(['images', STABLE_VERSION], images[canaryRelease?.version ?? ''])];
}

/** Only the stable version remains. */
export function removeEdits({ canary: canaryRelease }: ReleaseEntry): ReleaseEdit[] {
  return [edit(['images', canaryRelease?.version ?? ''], undefined), edit(['canary'], undefined)];
}

function edit(path: readonly [string, ...string[]], value: string | number | undefined): ReleaseEdit {
  return { path, value };
}
