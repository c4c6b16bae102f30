/** Changes outside of Terraform that an apply reverts. */
import { differences } from './json';
import { UNKNOWN, type ResourceChange } from './resource-change';

export interface Drift {
  readonly stack: string;
  readonly address: string;
  /** Paths that the apply sets back, such as `spec.mtls.mode`. Empty if the resource was deleted. */
  readonly paths: readonly string[];
}

/**
 * A plan also lists values that Google sets, such as the node pools of a cluster or the time of a feature's state. They
 * change without anybody's doing and the apply leaves them, so only what the plan changes back is drift.
 *
 * @param refreshed what Terraform found when it read the resources
 * @param planned of the same plan
 */
export function revertedDrift(
  refreshed: readonly ResourceChange[],
  planned: readonly ResourceChange[],
): Drift[] {
  const byAddress = new Map(planned.map((change) => [keyOf(change), change]));
  return refreshed.flatMap((found): Drift[] => {
    const { stack, address } = found;
    if (found.action === 'delete') return [{ stack, address, paths: [] }];
    const change = byAddress.get(keyOf(found));
    if (change?.after === undefined) return [];
    const set = differences(change.before, change.after)
      .filter(({ after }) => after !== UNKNOWN)
      .map(({ path }) => path);
    const paths = differences(found.before, found.after)
      .map(({ path }) => path)
      .filter((path) => set.some((other) => isWithin(path, other) || isWithin(other, path)));
    return paths.length === 0 ? [] : [{ stack, address, paths }];
  });
}

function keyOf({ stack, address }: ResourceChange): string {
  return `${stack} ${address}`;
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}
