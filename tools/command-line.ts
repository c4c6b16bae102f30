/** Shared by all programs of the command line: errors for the caller, output, exit codes and options. */
import { InvalidArgumentError, type Command } from 'commander';
import { machineFailureOf } from '../model/source/machine-failure';
import { CatalogueError } from '../model/source/violation';

/** An error that the caller can fix; printed without a stack trace. */
export class UsageError extends Error {}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** True for errors whose message is enough: wrong arguments, a missing tool, an invalid catalogue. */
export function isUserError(error: unknown): error is Error {
  return error instanceof UsageError || error instanceof CatalogueError;
}

/**
 * Runs the program. Reports an error that the user can fix, or a failure of the machine, in one sentence and sets exit
 * code 1; throws any other error.
 *
 * @param report default: writes to standard error
 */
export async function runProgram(
  program: Command,
  report = (message: string): void => void process.stderr.write(`${message}\n`),
): Promise<void> {
  // `mesh manifests | head` closes the pipe early, which is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    report(`standard output: ${machineFailureOf(error) ?? error.message}`);
    process.exitCode = 1;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    const message = isUserError(error) ? error.message : machineFailureOf(error);
    if (message === undefined) throw error;
    report(message);
    process.exitCode = 1;
  }
}

/** A wrong option is reported with the help of the command that takes it: `(see 'mesh show --help')`. */
export function pointErrorsToHelp(command: Command, path = command.name()): Command {
  command.showHelpAfterError(`(see '${path} --help')`);
  for (const child of command.commands) pointErrorsToHelp(child, `${path} ${child.name()}`);
  return command;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}
