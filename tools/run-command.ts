import { spawnSync } from 'node:child_process';
import type { BootstrapStep } from './bootstrap/step';
import { UsageError } from './usage-error';

/** Somebody else's bucket is "not available", which is a fault. */
const EXISTS = /already exists|already own it|ALREADY_EXISTS/;

/**
 * Runs one step with its output shown as it comes.
 *
 * @returns whether it did anything; false if an earlier run did
 * @throws UsageError if the program is missing or fails
 */
export function runStep({ command: [program, ...args], mayExist }: BootstrapStep): boolean {
  const { error, status, stderr } = spawnSync(program, args, {
    stdio: ['ignore', 'inherit', mayExist ? 'pipe' : 'inherit'],
    encoding: 'utf8',
  });
  if (error) {
    throw new UsageError(
      `'${program}' is not on the PATH; install the Google Cloud CLI, or print the commands with --dry-run`,
    );
  }
  if (status === 0) return true;
  if (mayExist && EXISTS.test(stderr)) return false;
  if (mayExist) process.stderr.write(stderr);
  throw new UsageError(
    `'${program}' failed; put right what it says above, then run this again: it repeats nothing that is done`,
  );
}
