/** Commands that run the mesh without a cluster: real Envoys, API servers and workflows. */
import { Argument, type Command } from 'commander';
import { positiveNumber, wholeNumber } from '../../tools/command-line';
import type { MeshLabOptions } from '../mesh-lab/main';
import type { GeneratedOptions } from '../mutation/generated/run';
import { GROUP_NAMES, type GroupName } from '../toolchain/lab-tools';
import { testCommand } from './test-command';

export function addLabs(program: Command): void {
  testCommand(
    program
      .command('mesh-lab')
      .description('Test every rule of the catalogue in real Envoys, fed with the synthesized objects.')
      .option('--env <environment>', 'for the behaviour; the static tests cover all environments', 'prod')
      .option('--static', 'run analyzers and admission only')
      .option('--behaviour', 'run the behaviour only')
      .option('--only <pattern>', "run the tests whose id matches, such as '^split/'")
      .option('--watch', 'keep the mesh running and push every edit of the catalogue to it')
      .option('--out <folder>', 'for lab-report.json and lab-report.html', 'lab-report'),
    async (results, options: MeshLabOptions) =>
      (await import('../mesh-lab/main.js')).runMeshLab(options, results),
  );

  testCommand(
    program
      .command('canary-lab')
      .description('Run failing canary releases in real Envoys, and measure the time until their rollback.')
      .option(
        '--speed <factor>',
        '1 takes 40 min; windows and intervals shrink by the factor',
        wholeNumber,
        12,
      )
      .option('--scrape-seconds <seconds>', 'time between two samples; production has 60', wholeNumber, 1)
      .option('--only <text>', 'run the scenarios whose name contains the text', '')
      .option('--write', 'save the figures for docs/canary.md and write that page; needs all scenarios'),
    async (results, options: { speed: number; scrapeSeconds: number; only: string; write?: true }) => {
      await (await import('../canary-lab/main.js')).runCanaryLab(options, results);
      if (options.write) await writeDocumentation();
    },
  );

  const rollbackController = program
    .command('rollback-controller')
    .description("Test the rollback controller's workflow and admission policies on a real API server.")
    .enablePositionalOptions();
  testCommand(
    rollbackController.option('--only <text>', 'run the tests whose id contains the text', ''),
    async (results, options: { only: string }) =>
      (await import('../rollback-controller/main.js')).runRollbackController(options, results),
  );
  testCommand(
    rollbackController
      .command('plans')
      .description('Roll a canary back between plan and apply of the real Terraform; needs its providers.'),
    async (results) => (await import('../rollback-controller/plans.js')).runRollbackPlans(results),
  );

  const mutation = program
    .command('mutation')
    .description(
      'Change the synthesized objects one line at a time, and check that the mesh lab fails each time.',
    )
    .enablePositionalOptions();
  testCommand(
    mutation.argument(
      '[pattern]',
      'run the mutations whose description matches, and leave docs/lab.md as it is',
    ),
    async (results, pattern?: string) => (await import('../mutation/main.js')).runMutations(pattern, results),
  );
  testCommand(
    mutation
      .command('generated')
      .description(
        'Sample mutations of every field of every object, and check that a judge or the lab notices them. An interrupted run continues.',
      )
      .option('--count <mutants>', 'that a cluster would accept', positiveNumber, 700)
      .option('--seed <number>', 'of the sample', wholeNumber, 1)
      .option('--write', 'save the figures for docs/lab.md and write that page'),
    async (results, options: GeneratedOptions) => {
      await (await import('../mutation/generated/run.js')).runGeneratedMutations(options, results);
      if (options.write) await writeDocumentation();
    },
  );

  program
    .command('scale')
    .description('Measure the configuration of a sidecar in large meshes, with and without Sidecar scopes.')
    .option('--services <counts>', 'sizes of the meshes, separated by commas', positiveNumbers, [200, 1_000])
    .option('--repeats <count>', 'measurements of a route update', positiveNumber, 9)
    .option('--write', 'save the figures for docs/lab.md and write that page')
    .action(async (options: { services: number[]; repeats: number; write?: true }) => {
      await (await import('../scale/main.js')).runScale(options);
      if (options.write) await writeDocumentation();
    });

  program
    .command('toolchain')
    .description('Build the tools of the labs that are missing, and print the path of each.')
    .addArgument(
      new Argument('[groups...]', 'groups of tools').choices(GROUP_NAMES).default(GROUP_NAMES, 'all'),
    )
    .action(async (groups: GroupName[]) => (await import('../toolchain/main.js')).buildTools(groups));
}

function positiveNumbers(text: string): number[] {
  return text.split(',').map(positiveNumber);
}

async function writeDocumentation(): Promise<void> {
  (await import('../documentation/generate.js')).generateDocumentation({});
}
