/** Tests the mesh of the catalogue in real Envoys, fed with the synthesized objects. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { UsageError } from '../../tools/command-line';
import { addResult, type TestResult } from '../support/lab-test';
import { type Results } from '../support/results';
import { objectsOf, synthesize } from '../support/synthesized';
import { isInterrupted, log, scratchFolder, Teardown } from '../support/teardown';
import { labTools, MESH_GROUP_NAMES } from '../toolchain/lab-tools';
import { testBehaviour } from './behaviour/behaviour';
import { rollingService } from './behaviour/shutdown';
import { testInterception, type Interception } from './interception/interception';
import { renderPage } from './report/page';
import { makeReport, type NotShown } from './report/report';
import { renderRunSummary } from './report/terminal';
import { testStatics } from './static/static';
import { watchMesh } from './watch/watch';

export interface MeshLabOptions {
  /** Environment of the behaviour tests; the static tests cover every environment. */
  readonly env: string;
  readonly static?: true;
  readonly behaviour?: true;
  /** Regular expression for ids of tests. */
  readonly only?: string;
  readonly watch?: true;
  /** Folder of lab-report.json and lab-report.html. */
  readonly out: string;
}

const NOT_RUN: Interception = { results: [] };

export async function runMeshLab(options: MeshLabOptions, recorded: Results): Promise<void> {
  const { environments } = catalogue();
  const environment = environmentNamed(catalogue(), options.env);
  const isSelected = idFilter(options.only);
  await labTools(options.watch ? ['mesh', 'envoy'] : MESH_GROUP_NAMES, log);
  if (options.watch) return watchMesh(environment.name, log);

  const started = performance.now();
  const teardown = new Teardown();
  const folder = scratchFolder(teardown, 'lab-synth-');
  const results: TestResult[] = [];
  const notShown: NotShown[] = [];
  const onResult = (result: TestResult) => {
    addResult(recorded, result);
    if (!result.passed) log(`FAILED  ${result.id}: ${result.seen.split('\n')[0]}`);
  };
  try {
    await synthesize(folder);
    const objects = (name: string) => objectsOf(folder, name);
    const [statics, interception] = await Promise.all([
      options.behaviour ? [] : testStatics(environments, objects, onResult, isSelected),
      options.static
        ? NOT_RUN
        : testInterception(environment, objects(environment.name), onResult, isSelected),
    ]);
    results.push(...statics, ...interception.results);
    if (interception.unmet !== undefined)
      notShown.push({ group: 'interception', reason: interception.unmet });
    if (!options.static && rollingService(environment) === undefined)
      notShown.push({
        group: 'shutdown',
        reason: 'no public service without a token has a single version whose pods the test could replace',
      });
    if (!options.static)
      results.push(...(await testBehaviour(environment, objects(environment.name), onResult, isSelected)));
  } finally {
    await teardown.run();
  }
  if (isInterrupted()) return;
  for (const { group, reason } of notShown)
    recorded.add(group, { name: `${group} on this machine`, seconds: 0, skipped: reason });
  const report = makeReport(environment, results, performance.now() - started, notShown);
  mkdirSync(options.out, { recursive: true });
  writeFileSync(join(options.out, 'lab-report.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(options.out, 'lab-report.html'), renderPage(report));
  process.stdout.write(`${renderRunSummary(report)}\n`);
  if (results.length === 0) throw new UsageError(`no test ran: '${options.only ?? ''}' matches no id`);
}

function idFilter(pattern: string | undefined): (id: string) => boolean {
  if (pattern === undefined) return () => true;
  try {
    const expression = new RegExp(pattern);
    return (id) => expression.test(id);
  } catch {
    throw new UsageError(`'${pattern}' is not a valid regular expression`);
  }
}
