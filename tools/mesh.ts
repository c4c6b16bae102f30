import { Command, Option } from 'commander';
import type { Review } from '../model/review/review';
import { CatalogueError } from '../model/source/violation';
import { bootstrapNotes, bootstrapSteps } from './bootstrap';
import { catalogue, catalogueFolder, judgement } from './catalogue';
import { canaryCommand } from './commands/canary';
import { reviewComparison } from './commands/diff';
import { GRAPH_FORMATS, renderGraph } from './commands/graph';
import { readStacks, renderManifests } from './commands/manifests';
import { sloTables, renderSlos } from './commands/slo';
import { renderRules, rulesAsJson } from './commands/rules';
import { serviceFacts } from './commands/service-facts';
import { renderReviews, reviewPlans } from './commands/review';
import { renderService } from './commands/show';
import { REPORT_FORMATS, renderReport } from './commands/validate';
import { EXIT_STOPPED, gatesNamed, stoppedBy, type Gate } from './plan-review/gate';
import { compareSyntheses } from './plan-review/two-syntheses';
import { runStep } from './run-command';
import { environmentNamed, formatNamed, serviceNamed } from './selection';
import { UsageError } from './usage-error';

const program = new Command('mesh')
  .description('Asks the catalogue of the mesh. MESH_CONFIG names its folder, CDKTF_OUTDIR that of synth.')
  .showHelpAfterError("(see 'mesh --help')");

const prodByDefault = () => new Option('--env <environment>', 'environment').default('prod');

program
  .command('validate')
  .description('every error and warning of the catalogue, with its place, and every waiver')
  .option('--format <format>', REPORT_FORMATS.join(', '), 'text')
  .addHelpText('after', '\nExit code: 0 without errors, warnings or not; 1 with errors.')
  .action((options: { format: string }) => {
    const format = formatNamed(options.format, REPORT_FORMATS);
    const judged = judgement();
    print(renderReport(judged, format));
    if (judged.violations.length > 0) process.exitCode = 1;
  });

program
  .command('rules')
  .description('every rule over the catalogue, and every check of the last gate')
  .option('--json', 'for programs')
  .action((options: { json?: true }) => print(options.json ? rulesAsJson() : renderRules()));

program
  .command('show <service>')
  .description('what a service is, whom it calls, who calls it, and how')
  .addOption(prodByDefault())
  .option('--json', 'for programs')
  .action((name: string, options: { env: string; json?: true }) => {
    const environment = environmentNamed(catalogue(), options.env);
    const facts = serviceFacts(environment, serviceNamed(environment, name));
    print(options.json ? JSON.stringify(facts, null, 2) : renderService(facts));
  });

program
  .command('slo [service]')
  .description('what is promised, when its alerts fire, and how long that takes')
  .addOption(prodByDefault())
  .option('--json', 'for programs')
  .action((name: string | undefined, options: { env: string; json?: true }) => {
    const environment = environmentNamed(catalogue(), options.env);
    const service = name === undefined ? undefined : serviceNamed(environment, name);
    const tables = sloTables(environment, service);
    print(options.json ? JSON.stringify(tables, null, 2) : renderSlos(tables));
  });

program
  .command('graph')
  .description('the call graph as a picture')
  .addOption(prodByDefault())
  .option('--format <format>', GRAPH_FORMATS.join(', '), 'mermaid')
  .action((options: { env: string; format: string }) => {
    const format = formatNamed(options.format, GRAPH_FORMATS);
    print(renderGraph(environmentNamed(catalogue(), options.env), format));
  });

program
  .command('manifests')
  .description('the Kubernetes objects of the synthesized JSON, as YAML')
  .requiredOption('--env <environment>', 'environment')
  .option('--stack <name>', 'one stack only, such as mesh-policies')
  .action((options: { env: string; stack?: string }) => {
    const environment = environmentNamed(catalogue(), options.env);
    const outputFolder = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
    print(renderManifests(readStacks(outputFolder, environment.name, options.stack)));
  });

program
  .command('bootstrap')
  .description('what an empty project needs before the first deploy; may be run again')
  .requiredOption('--env <environment>', 'environment')
  .option('--dry-run', 'print the commands instead')
  .action((options: { env: string; dryRun?: true }) => {
    const environment = environmentNamed(catalogue(), options.env);
    for (const step of bootstrapSteps(environment, new Date().toISOString().slice(0, 10))) {
      print(step.command.map(quoted).join(' '));
      if (!options.dryRun && !runStep(step)) print('  is there already');
    }
    for (const note of bootstrapNotes(environment)) process.stderr.write(`${note}\n`);
  });

const gateOption = () =>
  new Option(
    '--fail-on <flag or severity...>',
    'gates: names of flags, or the least severity that stops',
  ).default([]);

program
  .command('review <plans...>')
  .description(
    `what plans (terraform show -json) mean, as Markdown; exit code ${EXIT_STOPPED} if a gate says stop, 1 if a plan cannot be read`,
  )
  .option('--json', 'for programs')
  .addOption(gateOption())
  .action(async (plans: string[], options: { json?: true; failOn: string[] }) => {
    const gates = gatesNamed(options.failOn);
    const reviews = await reviewPlans(plans);
    print(renderReviews(reviews, options.json ? 'json' : 'markdown'));
    stopAt(gates, reviews);
  });

program
  .command('diff <ref>')
  .description('what the change since a commit means, without any cloud: the review of two syntheses')
  .option('--env <environment>', 'one environment only')
  .option(
    '--todays-source',
    "the commit's catalogue by today's source: faster, and blind to changed constructs",
  )
  .option('--json', 'for programs')
  .addOption(gateOption())
  .action((ref: string, options: { env?: string; todaysSource?: true; json?: true; failOn: string[] }) => {
    const gates = gatesNamed(options.failOn);
    const comparison = compareSyntheses({
      ref,
      root: process.cwd(),
      config: catalogueFolder(),
      todaysSource: options.todaysSource ?? false,
    });
    const { commit, source } = comparison;
    const reviews = reviewComparison(comparison, options.env);
    print(
      renderReviews(reviews, options.json ? 'json' : 'markdown', {
        line: `Compared with \`${commit.slice(0, 12)}\`, synthesized by ${source}.`,
        facts: { comparedWith: { commit, source } },
      }),
    );
    stopAt(gates, reviews);
  });

program.addCommand(canaryCommand(catalogueFolder(), print));

function stopAt(gates: readonly Gate[], reviews: readonly Review[]): void {
  const stopped = stoppedBy(gates, reviews);
  for (const line of stopped) process.stderr.write(`stopped by ${line}\n`);
  if (stopped.length > 0) process.exitCode = EXIT_STOPPED;
}

/** For a shell to read. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

// `mesh manifests | head` closes the pipe early, which is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CatalogueError || error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
