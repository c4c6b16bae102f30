/** The commands of the year of edits. */
import type { Command } from 'commander';
import type { CommandsOptions } from '../edits/by-commands';
import type { EditsOptions } from '../edits/main';
import type { PlansOptions } from '../edits/plans';
import { testCommand } from './test-command';

export function addEdits(program: Command): void {
  const edits = program
    .command('edits')
    .description(
      'Make a year of edits, each through its pull request: checks, review and gate say what was expected.',
    )
    .enablePositionalOptions();
  testCommand(
    edits
      .argument('[shop]', 'only the shops whose name matches')
      .option('--no-audits', 'skip the tests that are derived from the catalogue')
      .option('--work <folder>', 'keep what was synthesized here, for the next run'),
    async (results, shop: string | undefined, options: EditsOptions) =>
      (await import('../edits/main.js')).testEdits(shop, options, results),
  );
  testCommand(
    edits
      .command('plans')
      .description('Plan and apply the edits of one environment with the real providers, mesh-policies only.')
      .argument('[shop]', 'only the shops whose name matches')
      .option('--env <environment>', 'environment (default: the production of the shop)')
      .option('--work <folder>', 'keep the progress here')
      .option('--resume', 'continue after the edits that passed, in --work'),
    async (results, shop: string | undefined, options: PlansOptions) =>
      (await import('../edits/plans.js')).planEdits(shop, options, results),
  );
  testCommand(
    edits
      .command('commands')
      .description('Make some of the edits in a copy of the repository, by the commands of their authors.')
      .option('--no-platform', "skip the run of the platform's tests without a catalogue"),
    async (results, options: CommandsOptions) =>
      (await import('../edits/by-commands.js')).testByCommands(options, results),
  );
}
