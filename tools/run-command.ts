import { spawnSync } from 'node:child_process';
import { UsageError } from './usage-error';

/** Runs a program with its output shown as it comes; a program that is missing or fails ends everything. */
export function runCommand([program, ...args]: readonly [string, ...string[]]): void {
  const { error, status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) {
    throw new UsageError(
      `'${program}' is not on the PATH; install the Google Cloud CLI, or print the commands with --dry-run`,
    );
  }
  if (status !== 0) {
    throw new UsageError(
      `'${program}' failed; put right what it says above, then run this again: it repeats nothing that is done`,
    );
  }
}
