/** The command that runs every stack against a Google Cloud on loopback. */
import type { Command } from 'commander';
import { testCommand } from './test-command';

export function addCloudLab(program: Command): void {
  testCommand(
    program
      .command('cloud-lab')
      .description(
        'apply, plan again and destroy all stacks with the real providers, on a Google Cloud on loopback',
      )
      .argument('[environments...]', 'default: dev and prod')
      .option('--no-destroy', 'end after the last apply'),
    async (results, environments: string[], { destroy }: { destroy: boolean }) =>
      (await import('../cloud-lab/main.js')).runCloudLab({ environments, destroy }, results),
  );
}
