/** Commands about the catalogue, its alerts and canaries, and the documents that follow from them. */
import type { Command } from 'commander';
import { positiveNumber, wholeNumber } from '../../tools/command-line';
import { addEdits } from './edits';
import { testCommand } from './test-command';

export function addCatalogue(program: Command): void {
  testCommand(
    program
      .command('alert-replay')
      .description('Replay synthetic incidents through the synthesized alert expressions, in Prometheus.')
      .argument('[environments...]', 'default: the production environments'),
    async (results, environments: string[]) =>
      (await import('../alert-replay/main.js')).replayAlerts(environments, results),
  );

  addEdits(program);

  testCommand(
    program
      .command('fuzz')
      .description(
        'Read corrupted copies of the catalogue: each is accepted, or refused with a clear message.',
      )
      .option('--inputs <count>', 'number of inputs', wholeNumber, 2_000)
      .option('--seed <seed>', 'the same seed makes the same inputs', wholeNumber, 1)
      .option('--workers <count>', 'threads, each with its own seed', positiveNumber, 2)
      .option('--path <path>', 'repeat the input of a defect'),
    async (results, options: { inputs: number; seed: number; workers: number; path?: string }) =>
      (await import('../fuzz/fuzz.js')).fuzz(options, results),
  );

  program
    .command('bench')
    .description('Measure how long synth takes and how it grows with the catalogue.')
    .action(async () => (await import('../bench/bench.js')).bench());

  program
    .command('bench-review')
    .description('Measure how long the review of a large plan takes.')
    .argument('[megabytes]', 'size of the plan', wholeNumber, 200)
    .action(async (megabytes: number) => (await import('../bench/review.js')).benchReview(megabytes));

  program
    .command('simulate')
    .description('Simulate thousands of canary releases, and write their outcomes to docs/canary.md.')
    .option('--check', 'only check that the committed outcomes are up to date')
    .action(async (options: { check?: true }) => {
      (await import('../canary-simulation/main.js')).simulate(options);
      if (!options.check) await generateDocumentation({});
    });

  program
    .command('documentation')
    .description('Write the schemas, pages and tables that are generated from the sources.')
    .option('--check', 'only check that they are up to date')
    .action((options: { check?: true }) => generateDocumentation(options));

  program
    .command('reference-shop')
    .description('Compare mesh-config with the fixture on which the platform is tested, without releases.')
    .option('--write', 'copy mesh-config to the fixture')
    .action(async (options: { write?: true }) =>
      (await import('../repository/reference-shop.js')).checkReferenceShop(options),
    );

  program
    .command('tool-comparison')
    .description('Apply one invalid edit after another and record which tools detect it, for docs/rules.md.')
    .action(async () => {
      await (await import('../tool-comparison/main.js')).compareTools();
      await generateDocumentation({});
    });
}

async function generateDocumentation(options: { check?: true }): Promise<void> {
  (await import('../documentation/generate.js')).generateDocumentation(options);
}
