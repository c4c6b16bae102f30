/** The steps of the pipelines, for people as well: `npm run plan -- --env dev`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Environment } from '../../model/environment';
import { LOCKS_FOLDER } from '../../model/provider-locks';
import type { ProjectAccount } from '../../model/naming';
import { stateBucket } from '../bootstrap/state-store';
import { loginOf } from '../bootstrap/workflow-login';
import { catalogue, catalogueFolder, synthFolder } from '../catalogue';
import { positiveNumber, print, runProgram, UsageError } from '../command-line';
import { readJsonFile } from '../json-file';
import { environmentNamed } from '../selection';
import { catalogueRisks } from './catalogue-risks';
import { changedStacks, unplannedStacks } from './changed';
import { deployOrder } from './deploy-order';
import { writeLocks } from './locks';
import { changesBeyondLowering, type RollbackPlan } from './rollback';
import { applySavedPlan, savePlan, type PlanRecord } from './saved-plan';
import { selectStacks, stacksOfWave, wavesOf, type SynthesizedStack } from '../synthesized-stacks';
import { promptOnTerminal, destroyEnvironment } from './teardown';
import type { TerraformOptions } from './terraform';
import { rejectUntrusted } from './trusted';
import { withFolder } from '../with-folder';

/** As `terraform plan -detailed-exitcode`: the plan succeeded and has changes. */
const EXIT_DRIFT = 2;

const outputFolder = synthFolder();
const options: TerraformOptions = {
  locks: LOCKS_FOLDER,
  log: (message) => process.stderr.write(`${message}\n`),
};

const program = new Command('npm run')
  .description(
    "Plan, apply and destroy the synthesized stacks. CDKTF_OUTDIR names their folder. Options follow '--'.",
  )
  .showHelpAfterError();
const environmentOption = () =>
  new Option('--env <environment>', 'environment (required)').makeOptionMandatory();
const plansOption = () => new Option('--plans <folder>', 'folder of saved plans').default('plans');
const lockTimeoutOption = () =>
  new Option('--lock-timeout <duration>', 'how long to wait for the state lock').default('10m');
const waveOption = () =>
  new Option('--wave <number>', 'the stacks of one wave, starting at 1').argParser(positiveNumber);

program
  .command('waves')
  .description('Print the stacks of an environment as JSON, grouped into waves.')
  .addOption(environmentOption())
  .action((args: { env: string }) => {
    const ids = wavesOf(stacksOf(args.env, [])).map((wave) => wave.map(({ id }) => id));
    print(JSON.stringify(ids));
  });

program
  .command('changed')
  .description(
    'Print the stacks that differ from another synthesis: planned, and those no plan covers. For $GITHUB_OUTPUT.',
  )
  .requiredOption('--base <folder>', 'output folder of the other synthesis (required)')
  .option(
    '--config <folder>',
    'catalogue of the change; then critical risks of the catalogue are printed, too',
  )
  .option('--risks <file>', 'write the risks of the catalogue as Markdown, if there are any')
  .action((args: { base: string; config?: string; risks?: string }) => {
    const environments = catalogue().environments.map(({ name }) => name);
    print(`planned=${JSON.stringify(changedStacks(outputFolder, args.base, environments))}`);
    print(`unplanned=${JSON.stringify(unplannedStacks(outputFolder, args.base, environments))}`);
    if (args.config === undefined) return;
    const { lines, markdown } = catalogueRisks(
      { output: args.base, config: catalogueFolder() },
      { output: outputFolder, config: args.config },
      new Date(),
    );
    print(`risks=${JSON.stringify(lines)}`);
    if (args.risks !== undefined && markdown !== '') writeFileSync(args.risks, markdown);
  });

program
  .command('environments')
  .description('Print the order in which a push deploys the environments. For $GITHUB_OUTPUT.')
  .action(() => {
    const { immediate, approved } = deployOrder(catalogue().environments);
    print(`immediate=${JSON.stringify(immediate)}`);
    print(`approved=${JSON.stringify(approved)}`);
  });

program
  .command('login')
  .description("Print the inputs of a workflow's login. For $GITHUB_OUTPUT.")
  .addOption(environmentOption())
  .addOption(
    new Option('--account <account>', 'account (required)')
      .choices(['plan', 'apply', 'release'])
      .makeOptionMandatory(),
  )
  .action((args: { env: string; account: ProjectAccount }) => {
    const environment = named(args.env);
    if (environment.state.backend === 'local')
      throw new UsageError(
        `'${environment.name}' has local state, which a pipeline would lose; set 'state: { backend: gcs, bucket: … }' in its file`,
      );
    const inputs = { ...loginOf(environment, args.account), bucket: stateBucket(environment) };
    for (const [name, value] of Object.entries(inputs)) print(`${name}=${value}`);
  });

program
  .command('plan [stacks...]')
  .description('Save a plan of each stack for review and apply. Writes plans/summary.json.')
  .addOption(environmentOption())
  .addOption(plansOption())
  .addOption(waveOption())
  .addOption(lockTimeoutOption())
  .action(
    async (names: string[], args: { env: string; plans: string; wave?: number; lockTimeout: string }) => {
      const { lockTimeout } = args;
      const records: PlanRecord[] = [];
      for (const stack of stacksOf(args.env, names, args.wave))
        records.push(await savePlan(stack, args.plans, { ...options, lockTimeout }));
      writeFileSync(join(args.plans, 'summary.json'), `${JSON.stringify(records)}\n`);
      for (const { stack, outcome, sha256 } of records) print(`${stack}: ${outcome}, plan ${sha256}`);
    },
  );

program
  .command('apply [stacks...]')
  .description('Apply the saved plans, each after its dependencies.')
  .addOption(environmentOption())
  .addOption(plansOption())
  .addOption(waveOption())
  .option('--approved <file>', 'summary.json of the approved plans; any other plan is rejected')
  .action(async (names: string[], args: { env: string; plans: string; wave?: number; approved?: string }) => {
    const approved = args.approved === undefined ? undefined : recordsIn(args.approved);
    for (const stack of stacksOf(args.env, names, args.wave)) {
      const record = approved?.find(({ stack: id }) => id === stack.id);
      if (approved !== undefined && record === undefined)
        throw new UsageError(`the plan of '${stack.id}' has not been approved; plan and approve it first`);
      await applySavedPlan(stack, args.plans, record?.sha256, options);
    }
  });

program
  .command('drift [stacks...]')
  .description(`Print the stacks whose plan has changes. Exit code ${EXIT_DRIFT} if there is one.`)
  .addOption(environmentOption())
  .addOption(plansOption())
  .action(async (names: string[], args: { env: string; plans: string }) => {
    for (const stack of stacksOf(args.env, names)) {
      const { outcome } = await savePlan(stack, args.plans, options);
      if (outcome === 'no changes') continue;
      print(stack.id);
      process.exitCode = EXIT_DRIFT;
    }
  });

program
  .command('rollback')
  .description('Apply the weight caps of canaries to the state. Rejects a plan that does anything else.')
  .addOption(environmentOption())
  .action(async (args: { env: string }) => {
    await withFolder('rollback-', async (plans) => {
      for (const stack of stacksOf(args.env, []).filter(({ kind }) => kind === 'mesh-policies')) {
        const { outcome, sha256 } = await savePlan(stack, plans, options);
        const others = changesBeyondLowering(planIn(plans, stack.id));
        if (others.length > 0)
          throw new UsageError(
            `the plan of '${stack.id}' does more than lower canary weights: ${others.join(', ')}; have it reviewed, then apply it`,
          );
        if (outcome === 'changes') await applySavedPlan(stack, plans, sha256, options);
      }
    });
  });

program
  .command('destroy <environment>')
  .description('Destroy every stack in reverse order, after the name of the environment has been typed.')
  .action(async (name: string) => {
    const environment = named(name);
    const { prompt, close } = promptOnTerminal();
    try {
      await destroyEnvironment(environment, stacksOf(name, []), prompt, options);
    } finally {
      close();
    }
  });

program
  .command('locks')
  .description('Write locks/*.hcl: provider versions and hashes for every platform in use.')
  .action(async () => {
    const stacks = catalogue().environments.flatMap(({ name }) => stacksOf(name, []));
    for (const lock of await writeLocks(stacks, options)) print(lock);
  });

/** The environment is looked up first, so that a typo is not reported as missing output of synth. */
function stacksOf(environment: string, names: readonly string[], wave?: number): SynthesizedStack[] {
  const { name, project } = named(environment);
  if (wave !== undefined && names.length > 0) throw new UsageError('name either stacks or a wave, not both');
  const stacks =
    wave === undefined ? selectStacks(outputFolder, name, names) : stacksOfWave(outputFolder, name, wave);
  for (const stack of stacks) rejectUntrusted(stack, project.id);
  return stacks;
}

function planIn(folder: string, id: string): RollbackPlan {
  return readJsonFile<RollbackPlan>(join(folder, `${id}.json`), 'plan again');
}

function named(environment: string): Environment {
  return environmentNamed(catalogue(), environment);
}

function recordsIn(file: string): PlanRecord[] {
  return readJsonFile<PlanRecord[]>(file, "write a summary of plans with 'npm run plan'");
}

void runProgram(program);
