/** Compares what an apply changed with what the review announced. */
import { isDeepStrictEqual } from 'node:util';
import { LabError } from '../../support/errors';
import type { CloudState } from '../engine/world';
import type { PlanReview } from '../lab/pipeline';
import type { Managed } from '../lab/stack-state';

/** State of some stacks and of the project at one time. */
export interface EnvironmentSnapshot {
  /** By `<stack> <address>`. */
  readonly managed: Managed;
  /** By `<api>/<name>`. */
  readonly cloud: Managed;
}

export function snapshotOf(
  stacks: readonly (readonly [stack: string, managed: Managed])[],
  world: CloudState,
): EnvironmentSnapshot {
  return {
    managed: new Map(
      stacks.flatMap(([stack, managed]) =>
        [...managed].map(([address, attributes]) => [`${stack} ${address}`, attributes] as const),
      ),
    ),
    cloud: new Map(structuredClone(world.entries())),
  };
}

/** `update dev-network google_compute_network.network_vpc`, sorted. A replaced resource has another id. */
export function changesBetween(before: EnvironmentSnapshot, after: EnvironmentSnapshot): string[] {
  const addresses = new Set([...before.managed.keys(), ...after.managed.keys()]);
  return [...addresses]
    .flatMap((address) => {
      const was = before.managed.get(address);
      const is = after.managed.get(address);
      if (was === undefined) return [`create ${address}`];
      if (is === undefined) return [`delete ${address}`];
      return isDeepStrictEqual(was, is) ? [] : [`update ${address}`];
    })
    .sort();
}

/** The same lines from a review. In the state, a replaced resource is an updated one. */
export function reviewedChanges({ resources }: PlanReview): string[] {
  return resources
    .filter(({ action }) => action !== 'none')
    .map(({ action, stack, address }) => `${action === 'replace' ? 'update' : action} ${stack} ${address}`)
    .sort();
}

/** @throws LabError that names changes outside of the review, and reviewed ones that did not happen */
export function assertAsReviewed(
  review: PlanReview,
  before: EnvironmentSnapshot,
  after: EnvironmentSnapshot,
): void {
  const reviewed = reviewedChanges(review);
  const changed = changesBetween(before, after);
  const problems = [
    ...changed.filter((line) => !reviewed.includes(line)).map((line) => `not reviewed: ${line}`),
    ...reviewed.filter((line) => !changed.includes(line)).map((line) => `reviewed, but unchanged: ${line}`),
    ...unexplained(reviewed, before, after).map((name) => `in the project, but not reviewed: ${name}`),
  ];
  if (problems.length > 0) throw new LabError(problems.join('\n'));
}

/** Resources of the project that changed, and that no changed resource of Terraform names. */
function unexplained(
  reviewed: readonly string[],
  before: EnvironmentSnapshot,
  after: EnvironmentSnapshot,
): string[] {
  const addresses = reviewed.map((line) => line.slice(line.indexOf(' ') + 1));
  const texts = addresses.flatMap((address) =>
    [before, after].map(({ managed }) => JSON.stringify(managed.get(address) ?? {})),
  );
  const names = new Set([...before.cloud.keys(), ...after.cloud.keys()]);
  return [...names].filter((name) => {
    if (isDeepStrictEqual(before.cloud.get(name), after.cloud.get(name))) return false;
    const id = name.slice(name.lastIndexOf('/') + 1);
    return !texts.some((text) => text.includes(id));
  });
}
