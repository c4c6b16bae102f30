import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Review } from '../model/review/review';
import { bootstrapNotes, bootstrapSteps } from './bootstrap';
import { checkQuotas, quotaCommands, renderDemand } from './bootstrap/quotas';
import { runStep } from './bootstrap/step';
import {
  catalogue,
  catalogueFolder,
  checkedCatalogue,
  checkedChanges,
  projectFolder,
  today,
} from './catalogue';
import { pointErrorsToHelp, print, runProgram } from './command-line';
import { canaryCommand } from './commands/canary';
import { releaseCommand } from './commands/release';
import { pageTestCommand } from './commands/page-test';
import { reviewComparison } from './commands/diff';
import { GRAPH_FORMATS, renderGraph } from './commands/graph';
import { INIT_QUESTIONS, initAnswers, initCatalogue, type InitAnswers } from './commands/init';
import { currentStacks, readStacks, renderManifests } from './commands/manifests';
import { renderAlertLoad, renderSlos, sloTables } from './commands/slo';
import { renderRules, rulesAsJson } from './commands/rules';
import { serviceFacts } from './commands/service-facts';
import { renderReviews, reviewPlans } from './commands/review';
import { renderService } from './commands/show';
import { REPORT_FORMATS, renderReport } from './commands/validate';
import { EXIT_BLOCKED, gatesNamed, blockedBy, type Gate } from './plan-review/gate';
import { interruptible } from './interruptible';
import { compareSyntheses } from './plan-review/two-syntheses';
import { promptOnTerminal } from './pipeline/teardown';
import { withProgress, type Progress } from './progress';
import { environmentNamed, environmentOrDefault, formatNamed, serviceNamed } from './selection';

const program = new Command('mesh').description(
  'Query the service catalogue. MESH_CONFIG names its folder, CDKTF_OUTDIR the output folder of synth.',
);

const optionalEnvironment = [
  '--env <environment>',
  "environment (default: the catalogue's first production environment, otherwise its first)",
] as const;
const requiredEnvironment = ['--env <environment>', 'environment (required)'] as const;
const jsonOption = ['--json', 'print JSON'] as const;

program
  .command('validate')
  .description('Report every error and warning of the catalogue with file and line, and every waiver.')
  .option('--format <format>', REPORT_FORMATS.join(', '), 'text')
  .option('--base <ref>', 'also check how the releases have changed since this commit')
  .addHelpText('after', '\nExit code: 0 without errors, with or without warnings; 1 with errors.')
  .action((options: { format: string; base?: string }) => {
    const format = formatNamed(options.format, REPORT_FORMATS);
    const result = options.base === undefined ? checkedCatalogue() : checkedChanges(options.base);
    print(renderReport(result, format));
    if (result.violations.length > 0) process.exitCode = 1;
  });

program
  .command('rules')
  .description('List every rule for the catalogue and every check of the synthesized JSON.')
  .option(...jsonOption)
  .action((options: { json?: true }) => print(options.json ? rulesAsJson() : renderRules()));

program
  .command('show <service>')
  .description('Show a service: callers, calls, timeouts, circuit breaker, SLOs.')
  .option(...optionalEnvironment)
  .option(...jsonOption)
  .action((name: string, options: { env?: string; json?: true }) => {
    const environment = environmentOrDefault(catalogue(), options.env);
    const facts = serviceFacts(environment, serviceNamed(environment, name));
    print(options.json ? JSON.stringify(facts, null, 2) : renderService(facts));
  });

program
  .command('slo [service]')
  .description('Show SLOs, when their burn-rate alerts fire, and the error budget spent by then.')
  .option(...optionalEnvironment)
  .option(...jsonOption)
  .action((name: string | undefined, options: { env?: string; json?: true }) => {
    const environment = environmentOrDefault(catalogue(), options.env);
    const service = name === undefined ? undefined : serviceNamed(environment, name);
    const tables = sloTables(environment, service);
    const load = name === undefined ? [renderAlertLoad(environment)] : [];
    print(options.json ? JSON.stringify(tables, null, 2) : [renderSlos(tables), ...load].join('\n\n'));
  });

program
  .command('graph')
  .description('Draw the call graph.')
  .option(...optionalEnvironment)
  .option('--format <format>', GRAPH_FORMATS.join(', '), 'mermaid')
  .action((options: { env?: string; format: string }) => {
    const format = formatNamed(options.format, GRAPH_FORMATS);
    print(renderGraph(environmentOrDefault(catalogue(), options.env), format));
  });

program
  .command('manifests')
  .description('Synthesize the catalogue and print its Kubernetes objects as YAML.')
  .requiredOption(...requiredEnvironment)
  .option('--stack <name>', 'one stack only, such as mesh-policies')
  .option('--from <folder>', 'output folder of an earlier synth, instead of the catalogue as it is now')
  .action(async ({ env, stack, from }: { env: string; stack?: string; from?: string }) => {
    const { name } = environmentNamed(catalogue(), env);
    const stacks =
      from === undefined
        ? await longRunning((signal, progress) => {
            progress.next('synthesizing');
            return currentStacks(projectFolder(), catalogueFolder(), name, stack, signal);
          })
        : readStacks(from, name, stack);
    print(renderManifests(stacks));
  });

const init = program
  .command('init')
  .description(
    'Write a minimal catalogue: one service, one environment. Prompts on a terminal for what no flag sets.',
  )
  .requiredOption(
    '--into <folder>',
    'folder of the catalogue (required); existing files are not overwritten',
  );
for (const { flag, question } of INIT_QUESTIONS) init.option(flag, question);
init.action(async ({ into, ...flags }: { into: string } & Partial<InitAnswers>) => {
  const terminal = process.stdin.isTTY ? promptOnTerminal() : undefined;
  try {
    const answers = await initAnswers(flags, terminal?.prompt);
    const schemas = join(projectFolder(), 'mesh-config', 'schema');
    for (const file of initCatalogue(into, answers, schemas, today())) print(file);
    process.stderr.write(`next: MESH_CONFIG=${into} npm run synth; docs/adopting.md has the other steps\n`);
  } finally {
    terminal?.close();
  }
});

program
  .command('bootstrap')
  .description(
    'Prepare an empty project for the first deploy, and compare its quotas with the demand of the environment. Safe to run again.',
  )
  .requiredOption(...requiredEnvironment)
  .option('--dry-run', 'print the commands without running them')
  .action((options: { env: string; dryRun?: true }) => {
    const all = catalogue();
    const environment = environmentNamed(all, options.env);
    const source = all.environments.find(({ name }) => name === environment.promotion?.from);
    for (const step of bootstrapSteps(environment, today(), source)) {
      print(step.command.map(quoted).join(' '));
      if (!options.dryRun && !runStep(step)) print('  already exists');
    }
    for (const line of renderDemand(environment)) print(`# ${line}`);
    if (options.dryRun) {
      for (const command of Object.values(quotaCommands(environment))) print(command.map(quoted).join(' '));
    } else {
      const { errors, warnings } = checkQuotas(environment);
      for (const line of errors) process.stderr.write(`error: ${line}\n`);
      for (const line of warnings) process.stderr.write(`warning: ${line}\n`);
      if (errors.length > 0) process.exitCode = 1;
    }
    for (const note of bootstrapNotes(environment)) process.stderr.write(`${note}\n`);
  });

const gateOption = () =>
  new Option(
    '--fail-on <flag or severity...>',
    `names of flags, or the lowest severity that blocks; exit code ${EXIT_BLOCKED} if one is raised`,
  ).default([]);

program
  .command('review <plans...>')
  .description('Review Terraform plans (output of terraform show -json): changes, risks, blast radius.')
  .option(...jsonOption)
  .addOption(gateOption())
  .addHelpText(
    'after',
    `\nExit code: 0 if no gate blocks, ${EXIT_BLOCKED} if one does, 1 if a plan cannot be read.`,
  )
  .action(async (plans: string[], options: { json?: true; failOn: string[] }) => {
    const gates = gatesNamed(options.failOn);
    const reviews = await reviewPlans(plans);
    print(renderReviews(reviews, options.json ? 'json' : 'markdown'));
    applyGates(gates, reviews);
  });

program
  .command('diff <ref>')
  .description('Review the change since a commit without cloud access: compares two syntheses.')
  .option('--env <environment>', 'one environment only')
  .option(
    '--todays-source',
    "synthesize the commit's catalogue with today's source: faster, ignores changed constructs",
  )
  .option(...jsonOption)
  .addOption(gateOption())
  .action(async (ref: string, options: DiffOptions) => {
    const gates = gatesNamed(options.failOn);
    const comparison = await longRunning((signal, progress) =>
      compareSyntheses({
        ref,
        root: projectFolder(),
        config: catalogueFolder(),
        todaysSource: options.todaysSource ?? false,
        signal,
        onStep: (step) => progress.next(step),
      }),
    );
    const { commit, source } = comparison;
    const reviews = reviewComparison(comparison, options.env);
    print(
      renderReviews(reviews, options.json ? 'json' : 'markdown', {
        line: `Compared with \`${commit.slice(0, 12)}\`, synthesized with ${source}.`,
        json: { comparedWith: { commit, source } },
      }),
    );
    applyGates(gates, reviews);
  });

program.addCommand(pageTestCommand());
program.addCommand(canaryCommand(catalogueFolder(), print));
program.addCommand(releaseCommand(catalogueFolder(), print));

interface DiffOptions {
  readonly env?: string;
  readonly todaysSource?: true;
  readonly json?: true;
  readonly failOn: string[];
}

function longRunning<T>(work: (signal: AbortSignal, progress: Progress) => Promise<T>): Promise<T> {
  return withProgress((progress) => interruptible((signal) => work(signal, progress)));
}

function applyGates(gates: readonly Gate[], reviews: readonly Review[]): void {
  const blocking = blockedBy(gates, reviews);
  for (const line of blocking) process.stderr.write(`blocked by ${line}\n`);
  if (blocking.length > 0) process.exitCode = EXIT_BLOCKED;
}

/** For a shell to read. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

void runProgram(pointErrorsToHelp(program));
