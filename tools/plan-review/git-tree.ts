/** Reads the files of a commit without changing the working tree or the repository. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../command-line';
import { isMissing, runSync } from '../process';

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

/** Writes every file of the commit into the folder. */
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

function git(args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}) {
  const result = runSync('git', args, { cwd, env: { ...process.env, ...environment } });
  if (isMissing(result)) throw new UsageError("'git' is not on the PATH; install it");
  return result;
}
