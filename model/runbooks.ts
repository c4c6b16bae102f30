/** Runbooks that alerts link to. */
import type { MeshSpec } from './schema/mesh-schema';

/** Relative to the root of the repository. */
export const RUNBOOKS_FOLDER = 'docs/runbooks';

export type Runbook = 'clear-a-weight-cap' | 'error-budget-burn' | 'rotate-a-secret' | 'security-signal';

/** URL of the folder, without a trailing slash; undefined if mesh.yaml has neither `runbooks` nor `repository`. */
export function runbooksUrl({
  runbooks,
  repository,
}: Pick<MeshSpec, 'runbooks' | 'repository'>): string | undefined {
  if (runbooks !== undefined) return runbooks.replace(/\/+$/, '');
  return repository && `https://github.com/${repository}/blob/main/${RUNBOOKS_FOLDER}`;
}
