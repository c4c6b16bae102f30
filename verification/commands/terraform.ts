/** Commands that run the real Terraform with its real providers, without a cloud. */
import { Argument, type Command } from 'commander';
import { testCommand } from './test-command';

export function addTerraform(program: Command): void {
  testCommand(
    program
      .command('terraform')
      .description('Run plan, apply, drift and destroy of the mesh-policies stack on a real API server.')
      .argument('[environments...]', 'default: dev and prod'),
    async (results, environments: string[]) =>
      (await import('../terraform/main.js')).runTerraformLab(environments, results),
  );

  testCommand(
    program
      .command('terraform-plan')
      .description('Validate every stack, and plan those without a cluster from an empty state, offline.'),
    async (results) => (await import('../terraform/plan-from-nothing.js')).planFromNothing(results),
  );

  testCommand(
    program
      .command('plan-fixtures')
      .description('Make the plans under __tests__/plans, which the tests of reviews read.')
      .addArgument(new Argument('[part]', 'default: all').choices(['secret', 'google', 'cluster']))
      .option('--check', 'compare the reviews of new plans with those of the committed plans; write nothing'),
    async (results, part: string | undefined, options: { check?: true }) =>
      (await import('../plan-fixtures/main.js')).makePlanFixtures(part, options, results),
  );
}
