/** The steps of the pipelines, as people run them too. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Environment } from '../../model/environment';
import { CatalogueError } from '../../model/source/violation';
import { LOCKS_FOLDER } from '../../model/provider-locks';
import { stateBucket } from '../bootstrap/state-store';
import type { Account } from '../bootstrap/step';
import { loginOf } from '../bootstrap/workflow-login';
import { catalogue } from '../catalogue';
import { environmentNamed } from '../selection';
import { UsageError } from '../usage-error';
import { changedStacks, unplannedStacks } from './changed';
import { writeLocks } from './locks';
import { beyondLowering } from './rollback';
import { applySavedPlan, savePlan, type PlanRecord } from './saved-plan';
import { selectStacks, stacksOfWave, wavesOf, type SynthesizedStack } from '../synthesized-stacks';
import { promptOnTerminal, destroyEnvironment } from './teardown';
import type { TerraformOptions } from './terraform';
import { refuseForeign } from './trusted';

/** As `terraform plan -detailed-exitcode`: the plan worked, and is not empty. */
const EXIT_DRIFT = 2;

const outputFolder = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
const options: TerraformOptions = {
  locks: LOCKS_FOLDER,
  log: (message) => process.stderr.write(`${message}\n`),
};

const program = new Command('pipeline')
  .description('plans, applies and destroys what synth wrote; CDKTF_OUTDIR names its folder')
  .showHelpAfterError();
const environmentOption = () => new Option('--env <environment>', 'environment').makeOptionMandatory();
const plansOption = () => new Option('--plans <folder>', 'where plans are kept').default('plans');
const waveOption = () =>
  new Option('--wave <number>', 'the stacks of one wave, counted from 1').argParser(Number);

program
  .command('waves')
  .description('stacks of an environment as JSON, in groups that may be planned and applied together')
  .addOption(environmentOption())
  .action((args: { env: string }) => {
    const ids = wavesOf(stacksOf(args.env, [])).map((wave) => wave.map(({ id }) => id));
    print(JSON.stringify(ids));
  });

program
  .command('changed')
  .description(
    'stacks that differ from another synthesis and can be planned, and those that cannot, as lines for $GITHUB_OUTPUT',
  )
  .requiredOption('--base <folder>', 'output folder of the other synthesis')
  .action((args: { base: string }) => {
    const environments = catalogue().environments.map(({ name }) => name);
    print(`planned=${JSON.stringify(changedStacks(outputFolder, args.base, environments))}`);
    print(`unplanned=${JSON.stringify(unplannedStacks(outputFolder, args.base, environments))}`);
  });

program
  .command('login')
  .description('facts that a workflow needs to log in, as lines for $GITHUB_OUTPUT')
  .addOption(environmentOption())
  .addOption(new Option('--account <account>').choices(['plan', 'apply']).makeOptionMandatory())
  .action((args: { env: string; account: Account }) => {
    const environment = named(args.env);
    if (environment.state.backend === 'local')
      throw new UsageError(
        `'${environment.name}' keeps its state on one machine, which a pipeline forgets; set state: { backend: gcs, bucket: … } in its file`,
      );
    const facts = { ...loginOf(environment, args.account), bucket: stateBucket(environment) };
    for (const [name, value] of Object.entries(facts)) print(`${name}=${value}`);
  });

program
  .command('plan [stacks...]')
  .description('saves a plan of each stack, to be reviewed and then applied; writes plans/summary.json')
  .addOption(environmentOption())
  .addOption(plansOption())
  .addOption(waveOption())
  .action(async (names: string[], args: { env: string; plans: string; wave?: number }) => {
    const records: PlanRecord[] = [];
    for (const stack of stacksOf(args.env, names, args.wave))
      records.push(await savePlan(stack, args.plans, options));
    writeFileSync(join(args.plans, 'summary.json'), `${JSON.stringify(records)}\n`);
    for (const { stack, outcome, sha256 } of records) print(`${stack}: ${outcome}, plan ${sha256}`);
  });

program
  .command('apply [stacks...]')
  .description('applies the saved plans, each after what it depends on')
  .addOption(environmentOption())
  .addOption(plansOption())
  .addOption(waveOption())
  .option('--approved <file>', 'summary.json of the plans that were approved; any other plan is refused')
  .action(async (names: string[], args: { env: string; plans: string; wave?: number; approved?: string }) => {
    const approved = args.approved === undefined ? undefined : recordsIn(args.approved);
    for (const stack of stacksOf(args.env, names, args.wave)) {
      const record = approved?.find(({ stack: id }) => id === stack.id);
      if (approved !== undefined && record === undefined)
        throw new UsageError(`'${stack.id}' is not among the plans that were approved`);
      await applySavedPlan(stack, args.plans, record?.sha256, options);
    }
  });

program
  .command('drift [stacks...]')
  .description(`names the stacks whose plan is not empty; exit code ${EXIT_DRIFT} if there is one`)
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
  .description(
    'makes the configuration follow the ceilings of a canary; refuses to do more than take weight from canaries',
  )
  .addOption(environmentOption())
  .action(async (args: { env: string }) => {
    const plans = mkdtempSync(join(tmpdir(), 'rollback-'));
    try {
      for (const stack of stacksOf(args.env, []).filter(({ kind }) => kind === 'mesh-policies')) {
        const { outcome, sha256 } = await savePlan(stack, plans, options);
        const more = beyondLowering(planIn(plans, stack.id));
        if (more.length > 0)
          throw new UsageError(
            `the plan of '${stack.id}' does more than take weight from canaries: ${more.join(', ')}; have it reviewed, then apply it`,
          );
        if (outcome === 'changes') await applySavedPlan(stack, plans, sha256, options);
      }
    } finally {
      rmSync(plans, { recursive: true, force: true });
    }
  });

program
  .command('destroy <environment>')
  .description('destroys every stack, the last first, after its name has been typed')
  .action(async (name: string) => {
    const environment = named(name);
    const { prompt: request, close } = promptOnTerminal();
    try {
      await destroyEnvironment(environment, stacksOf(name, []), request, options);
    } finally {
      close();
    }
  });

program
  .command('locks')
  .description('writes locks/*.hcl anew: versions and hashes of the providers, for every platform in use')
  .action(async () => {
    const stacks = catalogue().environments.flatMap(({ name }) => stacksOf(name, []));
    for (const lock of await writeLocks(stacks, options)) print(lock);
  });

/** A misspelt environment is told from one that has not been synthesized. Nothing is run that synth does not write. */
function stacksOf(environment: string, names: readonly string[], wave?: number): SynthesizedStack[] {
  const { name, project } = named(environment);
  if (wave !== undefined && names.length > 0) throw new UsageError('either stacks are named, or a wave');
  const stacks =
    wave === undefined ? selectStacks(outputFolder, name, names) : stacksOfWave(outputFolder, name, wave);
  for (const stack of stacks) refuseForeign(stack, project.id);
  return stacks;
}

function planIn(folder: string, id: string): Parameters<typeof beyondLowering>[0] {
  return JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as Parameters<typeof beyondLowering>[0];
}

function named(environment: string): Environment {
  return environmentNamed(catalogue(), environment);
}

function recordsIn(file: string): PlanRecord[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PlanRecord[];
  } catch {
    throw new UsageError(`'${file}' is no summary of plans; 'npm run plan' writes it`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof UsageError) && !(error instanceof CatalogueError)) throw error;
  options.log(error.message);
  process.exitCode = 1;
});
