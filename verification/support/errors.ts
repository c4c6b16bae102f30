import { CatalogueError } from '../../model/source/violation';
import { UsageError } from '../../tools/command-line';
import { log } from './teardown';

/** An error that the user can fix. Its message is shown without a stack trace. */
export class LabError extends Error {}

/** True for errors whose message is enough: a missing tool, wrong arguments, an invalid catalogue. */
export function isUserError(error: unknown): error is Error {
  return error instanceof LabError || error instanceof UsageError || error instanceof CatalogueError;
}

/** Runs a command-line program. A user error ends it with the message and exit code 1. */
export function runCommand(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    if (!isUserError(error)) throw error;
    log(error.message);
    process.exitCode = 1;
  });
}
