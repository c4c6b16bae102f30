/** The commands of bootstrap, and how they are run. */
import { UsageError } from '../command-line';
import { isMissing, runSync } from '../process';

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
  const result = runSync(program, args, { stdout: 'inherit', stderr: mayExist ? 'pipe' : 'inherit' });
  if (isMissing(result))
    throw new UsageError(
      `'${program}' is not on the PATH; install the Google Cloud CLI, or print the commands with --dry-run`,
    );
  const { exitCode, stderr = '' } = result;
  if (exitCode === 0) return true;
  if (ALREADY_EXISTS.test(stderr)) return false;
  process.stderr.write(stderr);
  throw new UsageError(
    `'${program}' failed; fix the error above, then run bootstrap again: completed steps are not repeated`,
  );
}
