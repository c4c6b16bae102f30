import type { Command } from 'commander';
import { isUserError } from '../../tools/command-line';
import { writeJunit } from '../support/junit';
import { Results } from '../support/results';

/**
 * Gives the command its action and the option `--junit`. A failed test ends the process with exit code 1.
 *
 * @param run takes the command's arguments and options as commander passes them
 */
export function testCommand<Args extends unknown[]>(
  command: Command,
  run: (results: Results, ...args: Args) => Promise<void>,
): void {
  command
    .option('--junit <file>', 'also write the results as JUnit XML')
    .action((...args) => recorded(command, (results) => run(results, ...(args as unknown as Args))));
}

async function recorded(command: Command, run: (results: Results) => Promise<void>): Promise<void> {
  const { junit } = command.opts<{ junit?: string }>();
  const results = new Results(command.name());
  try {
    await run(results);
  } catch (error) {
    // A report without a failure would look like success.
    if (isUserError(error) && results.failed === 0)
      results.add(command.name(), { name: command.name(), seconds: 0, failure: error.message });
    throw error;
  } finally {
    if (junit !== undefined) writeJunit(junit, results.suites);
  }
  if (results.failed > 0) process.exitCode = 1;
}
