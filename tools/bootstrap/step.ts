/** The commands of bootstrap, and how they are run. */
import { spawnSync } from 'node:child_process';
import { UsageError } from '../command-line';

export type CommandLine = readonly [string, ...string[]];

export interface BootstrapStep {
  readonly command: CommandLine;
  /** The command fails if its object exists already, for example from an earlier run; that is no error. */
  readonly mayExist: boolean;
}

/** A command that can be repeated. */
export function step(...command: CommandLine): BootstrapStep {
  return { command, mayExist: false };
}

export function create(...command: CommandLine): BootstrapStep {
  return { command, mayExist: true };
}

/** A bucket name that another project uses is "not available": that stays an error. */
const ALREADY_EXISTS = /already exists|already own it|ALREADY_EXISTS/;

/**
 * Runs one step and shows its output.
 *
 * @returns false if the object existed already
 * @throws UsageError if the program is missing or fails
 */
export function runStep({ command: [program, ...args], mayExist }: BootstrapStep): boolean {
  const { error, status, stderr } = spawnSync(program, args, {
    stdio: ['ignore', 'inherit', mayExist ? 'pipe' : 'inherit'],
    encoding: 'utf8',
  });
  if (error)
    throw new UsageError(
      `'${program}' is not on the PATH; install the Google Cloud CLI, or print the commands with --dry-run`,
    );
  if (status === 0) return true;
  if (mayExist && ALREADY_EXISTS.test(stderr)) return false;
  if (mayExist) process.stderr.write(stderr);
  throw new UsageError(
    `'${program}' failed; fix the error above, then run bootstrap again: completed steps are not repeated`,
  );
}
