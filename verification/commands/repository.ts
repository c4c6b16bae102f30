/** The command that checks the repository itself, by programs of others and the scripts in .ci/. */
import type { Command } from 'commander';
import { CHECKS, DEFAULT_CHECKS } from '../repository/checks';
import { testCommand } from './test-command';

export function addRepository(program: Command): void {
  const width = Math.max(...Object.keys(CHECKS).map((name) => name.length));
  const lines = Object.entries(CHECKS).map(([name, { what }]) => `  ${name.padEnd(width)}  ${what}`);
  testCommand(
    program
      .command('check')
      .description('Check the repository: types, style, layers, generated files, dependencies and more.')
      .argument('[names...]', `default: ${DEFAULT_CHECKS.join(', ')}`)
      .addHelpText('after', `\nChecks:\n${lines.join('\n')}`),
    async (results, names: string[]) =>
      (await import('../repository/run-checks.js')).runChecks(names, results),
  );
}
