/** `npm run lab`: every promise of the catalogue, in real Envoys. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { CatalogueError } from '../../model/source/violation';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { UsageError } from '../../tools/usage-error';
import { testBehaviour } from './behaviour/behaviour';
import { rollingService } from './behaviour/shutdown';
import { type TestResult } from '../support/lab-test';
import { testInterception, type Interception } from './interception/interception';
import { LabError } from '../support/errors';
import { renderPage } from './report/page';
import { makeReport } from './report/report';
import { renderSummary } from './report/terminal';
import { testStatics } from './static/static';
import { objectsOf, synthesize } from '../support/synthesized';
import { scratchFolder, isInterrupted, log, Teardown } from '../support/teardown';
import { labTools, MESH_GROUP_NAMES } from '../toolchain/lab-tools';
import { watchMesh } from './watch/watch';

interface Options {
  readonly env: string;
  readonly static?: true;
  readonly behaviour?: true;
  readonly only?: string;
  readonly watch?: true;
  readonly out: string;
}

const NOTHING_REQUESTED: Interception = { verdicts: [] };
new Command('lab')
  .description('Shows every promise of the catalogue in real Envoys, fed with the synthesized objects.')
  .option('--env <environment>', 'whose behaviour is shown; the static part is about all', 'prod')
  .option('--static', 'analyzers and admission only')
  .option('--behaviour', 'behaviour only')
  .option('--only <pattern>', "claims whose id matches, such as '^split/'")
  .option('--watch', 'keeps the mesh up and pushes every edit of the catalogue into it')
  .option('--out <folder>', 'for lab-report.json and lab-report.html', 'lab-report')
  .action(run)
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof LabError || error instanceof UsageError || error instanceof CatalogueError))
      throw error;
    log(error.message);
    process.exitCode = 1;
  });

async function run(options: Options): Promise<void> {
  const { environments } = catalogue();
  const environment = environmentNamed(catalogue(), options.env);
  const teardown = new Teardown();
  await labTools(options.watch ? ['mesh', 'envoy'] : MESH_GROUP_NAMES, log);
  if (options.watch) return watchMesh(environment.name, log);

  const started = performance.now();
  const folder = scratchFolder(teardown, 'lab-synth-');
  const chosen = chooser(options.only);
  const verdicts: TestResult[] = [];
  const notShown: string[] = [];
  try {
    await synthesize(folder);
    const objects = (name: string) => objectsOf(folder, name);
    const [statics, interception] = await Promise.all([
      options.behaviour ? [] : testStatics(environments, objects, progress, chosen),
      options.static
        ? NOTHING_REQUESTED
        : testInterception(environment, objects(environment.name), progress, chosen),
    ]);
    verdicts.push(...statics, ...interception.verdicts);
    if (interception.obstacle !== undefined) notShown.push(`interception: ${interception.obstacle}`);
    if (!options.static && rollingService(environment) === undefined)
      notShown.push(
        'shutdown: no public service without a token has one version alone, whose pods could be rolled',
      );
    if (!options.static)
      verdicts.push(...(await testBehaviour(environment, objects(environment.name), progress, chosen)));
  } finally {
    await teardown.run();
  }
  if (isInterrupted()) return;
  const report = makeReport(environment, verdicts, performance.now() - started, notShown);
  mkdirSync(options.out, { recursive: true });
  writeFileSync(join(options.out, 'lab-report.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(options.out, 'lab-report.html'), renderPage(report));
  process.stdout.write(`${renderSummary(report)}\n`);
  if (!report.passed || verdicts.length === 0) process.exitCode = 1;
}

function chooser(pattern: string | undefined): (id: string) => boolean {
  if (pattern === undefined) return () => true;
  try {
    const expression = new RegExp(pattern);
    return (id) => expression.test(id);
  } catch {
    throw new UsageError(`'${pattern}' is no regular expression`);
  }
}

/** Broken promises at once; the others are counted at the end. */
function progress({ passed, id, seen }: TestResult): void {
  if (!passed) log(`broken: ${id}: ${seen.split('\n')[0]}`);
}
