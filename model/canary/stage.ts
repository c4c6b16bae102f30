/** Where a release of a canary is, read off its entry in `releases/<environment>.yaml`. */
import { STABLE_VERSION } from '../naming';
import type { ReleaseSpec } from '../schema/release-schema';

export type ReleaseEntry = Readonly<ReleaseSpec['services'][string]>;

/**
 * `none`: only the stable version runs. `waiting`: the canary's pods start, without traffic. `stepping`: it takes
 * its share. `complete`: it takes everything, and bakes for the last time. `promoting`: the stable version runs
 * the canary's image, and traffic goes back to it. `promoted`: all of it has. `rolled-back`: the canary was given
 * up and takes nothing.
 *
 * New pods are ready before they get traffic, and old ones lose theirs before they go: at no time does a request
 * go to the image that is being replaced after the canary has passed.
 */
export type Stage = 'none' | 'waiting' | 'stepping' | 'complete' | 'promoting' | 'promoted' | 'rolled-back';

export function stageOf({ images, canary: canaryRelease }: ReleaseEntry): Stage {
  if (canaryRelease === undefined) return 'none';
  if (canaryRelease.rolledBackAt !== undefined) return 'rolled-back';
  const { weightPercent, version } = canaryRelease;
  const isPromoted = images[version] !== undefined && images[version] === images[STABLE_VERSION];
  if (isPromoted) return weightPercent === 0 ? 'promoted' : 'promoting';
  if (weightPercent === 0) return 'waiting';
  return weightPercent === 100 ? 'complete' : 'stepping';
}

/** One value of the entry; `undefined` takes it out. */
export interface Edit {
  readonly path: readonly [string, ...string[]];
  readonly value: string | number | undefined;
}

/** A new canary, without traffic until its pods are ready. The environment's sample needs no image. */
export function startEdits(version: string, image: string | undefined, now: string): Edit[] {
  return [
    ...(image === undefined ? [] : [edit(['images', version], image)]),
    // The former canary's times and reasons are not this one's.
    edit(['canary'], undefined),
    edit(['canary', 'version'], version),
    edit(['canary', 'weightPercent'], 0),
    edit(['canary', 'startedAt'], now),
    edit(['canary', 'stepSince'], now),
  ];
}

export function weightEdits(weightPercent: number, now: string): Edit[] {
  return [edit(['canary', 'weightPercent'], weightPercent), edit(['canary', 'stepSince'], now)];
}

/** Gives the release up. Its entry stays, so that a ceiling still finds it and people can look at its pods. */
export function rollbackEdits(now: string): Edit[] {
  return [
    ...weightEdits(0, now),
    edit(['canary', 'rolledBackAt'], now),
    edit(['canary', 'pausedBecause'], undefined),
  ];
}

export function pauseEdits(reason: string): Edit[] {
  return [edit(['canary', 'pausedBecause'], reason)];
}

/** The step begins again: what was counted before the pause is not held against the canary. */
export function liftEdits(now: string): Edit[] {
  return [edit(['canary', 'pausedBecause'], undefined), edit(['canary', 'stepSince'], now)];
}

/** The stable version's pods are replaced while the canary takes all traffic. */
export function promoteEdits({ images, canary: canaryRelease }: ReleaseEntry): Edit[] {
  return [edit(['images', STABLE_VERSION], images[canaryRelease?.version ?? ''])];
}

/** Only the stable version is left. */
export function removeEdits({ canary: canaryRelease }: ReleaseEntry): Edit[] {
  return [edit(['images', canaryRelease?.version ?? ''], undefined), edit(['canary'], undefined)];
}

function edit(path: readonly [string, ...string[]], value: string | number | undefined): Edit {
  return { path, value };
}
