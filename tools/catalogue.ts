import { checkCatalogue, loadCatalogue, type CheckedCatalogue } from '../model/catalogue/load';
import type { Catalogue } from '../model/environment';
import { releaseTransitionViolations } from '../model/release/transition-violations';
import { readMeshConfig } from '../model/source/read-folder';
import { sortByPlace } from '../model/source/violation';
import { catalogueAt, mergeBase } from './plan-review/git-tree';

/** @throws CatalogueError if a rule is violated */
export function catalogue(): Catalogue {
  return loadCatalogue(catalogueFolder(), today());
}

/** The catalogue with its violations, warnings and waivers. */
export function checkedCatalogue(): CheckedCatalogue {
  return checkCatalogue(readMeshConfig(catalogueFolder()), today());
}

/**
 * The catalogue, with the violations of its changes since the base.
 *
 * @param ref commit, branch or tag; changes count from where HEAD left it
 * @throws UsageError if the reference is unknown, or has no catalogue
 */
export function checkedChanges(ref: string): CheckedCatalogue {
  const folder = catalogueFolder();
  const head = readMeshConfig(folder);
  const checked = checkCatalogue(head, today());
  const base = catalogueAt(mergeBase(ref, folder), folder);
  const changes = releaseTransitionViolations(base, head, new Date());
  return { ...checked, violations: sortByPlace([...checked.violations, ...changes]) };
}

/** MESH_CONFIG, or `mesh-config`. */
export function catalogueFolder(): string {
  return process.env['MESH_CONFIG'] ?? 'mesh-config';
}

/** As `2030-01-31`, in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
