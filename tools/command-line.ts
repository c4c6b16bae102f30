/** Shared by the programs of this folder: errors for the caller, output, and exit codes. */
import type { Command } from 'commander';
import { CatalogueError } from '../model/source/violation';

/** An error that the caller can fix; printed without a stack trace. */
export class UsageError extends Error {}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs the program. Prints a {@link CatalogueError} or {@link UsageError} and sets exit code 1; throws any other. */
export async function runProgram(program: Command): Promise<void> {
  // `mesh manifests | head` closes the pipe early, which is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CatalogueError || error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** A wrong option is reported with the help of the command that takes it: `(see 'mesh show --help')`. */
export function pointErrorsToHelp(command: Command, path = command.name()): Command {
  command.showHelpAfterError(`(see '${path} --help')`);
  for (const child of command.commands) pointErrorsToHelp(child, `${path} ${child.name()}`);
  return command;
}
