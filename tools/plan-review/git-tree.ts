/** Reads the files of a commit without changing the working tree or the repository. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readMeshConfig, type FolderContent } from '../../model/source/read-folder';
import { UsageError } from '../command-line';
import { isMissing, runSync } from '../process';
import { withFolder } from '../with-folder';

/** @throws UsageError if the reference names no commit of this repository */
export function commitOf(ref: string, root: string): string {
  const { exitCode, stdout } = git(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
    root,
  );
  if (exitCode !== 0)
    throw new UsageError(
      `'${ref}' is not a commit of this repository; use a branch, tag or commit, and fetch it first`,
    );
  return stdout.trim();
}

/** The commit at which HEAD left the reference: other commits of the reference are not part of the change. */
export function mergeBase(ref: string, root: string): string {
  const commit = commitOf(ref, root);
  const { exitCode, stdout } = git(['merge-base', commit, 'HEAD'], root);
  return exitCode === 0 ? stdout.trim() : commit;
}

/**
 * The catalogue in a commit.
 *
 * @param folder of the catalogue, in a working tree of the repository
 * @throws UsageError if the commit has no such folder
 */
export function catalogueAt(commit: string, folder: string): FolderContent {
  const { exitCode, stdout } = git(['rev-parse', '--verify', '--quiet', `${commit}:./`], folder);
  if (exitCode !== 0)
    throw new UsageError(
      `commit ${commit.slice(0, 12)} has no catalogue at '${folder}'; choose a later commit, or set MESH_CONFIG`,
    );
  const root = git(['rev-parse', '--show-toplevel'], folder).stdout.trim();
  return withFolder('base-', (copy) => {
    checkOut(stdout.trim(), root, copy);
    return readMeshConfig(copy);
  });
}

/** Writes every file of the commit, or of one of its folders, into the folder. */
export function checkOut(commit: string, root: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  // A separate index, so that the working tree's stays unchanged.
  const environment = { GIT_INDEX_FILE: join(folder, '.index') };
  for (const args of [
    ['read-tree', commit],
    ['checkout-index', '--all', '--force', `--prefix=${folder}/`],
  ]) {
    const { exitCode, stderr } = git(args, root, environment);
    if (exitCode !== 0) throw new UsageError(`git ${args[0]} failed: ${stderr.trim()}`);
  }
}

/** @throws UsageError if git is missing; other failures are results */
export function git(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}) {
  const result = runSync('git', args, { cwd, env: { ...process.env, ...environment } });
  if (isMissing(result)) throw new UsageError("'git' is not on the PATH; install it");
  return result;
}
