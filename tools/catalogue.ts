import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
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

/** MESH_CONFIG, or `mesh-config` of the project; relative to the working directory. */
export function catalogueFolder(): string {
  return process.env['MESH_CONFIG'] ?? join(projectFolder(), 'mesh-config');
}

/** Output folder of synth: CDKTF_OUTDIR, or `cdktf.out` of the project; relative to the working directory. */
export function synthFolder(): string {
  return process.env['CDKTF_OUTDIR'] ?? join(projectFolder(), 'cdktf.out');
}

/**
 * The working directory, or the nearest folder above it with a catalogue or a `cdktf.json`. Relative to the working
 * directory; empty if that is the project.
 */
export function projectFolder(): string {
  const start = resolve('.');
  for (let folder = start; ; folder = dirname(folder)) {
    if (isProject(folder)) return relative(start, folder);
    if (dirname(folder) === folder) return '';
  }
}

function isProject(folder: string): boolean {
  return existsSync(join(folder, 'mesh-config', 'mesh.yaml')) || existsSync(join(folder, 'cdktf.json'));
}

/** As `2030-01-31`, in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
