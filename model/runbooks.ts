/** Where the people whom alerts reach read what to do. */
import type { MeshSpec } from './schema/mesh-schema';

/** In the repository. */
export const RUNBOOKS_FOLDER = 'docs/runbooks';

export type Runbook = 'clear-a-weight-cap' | 'error-budget-burn' | 'rotate-a-secret' | 'security-signal';

/** Address of the folder, without a slash at its end; none where nobody has said where it can be opened. */
export function runbooksUrl({
  runbooks,
  repository,
}: Pick<MeshSpec, 'runbooks' | 'repository'>): string | undefined {
  if (runbooks !== undefined) return runbooks.replace(/\/+$/, '');
  return repository && `https://github.com/${repository}/blob/main/${RUNBOOKS_FOLDER}`;
}
