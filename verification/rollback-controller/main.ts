/**
 * `npm run lab:guard [-- --only <text>]`: the canary guard and its policies, as they are deployed, against a real API
 * server. `--only` puts those claims to the test whose id has the text.
 */
import { CatalogueError } from '../../model/source/violation';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { UsageError } from '../../tools/usage-error';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests, type TestResult } from '../support/lab-test';
import { LabError } from '../support/errors';
import { synthesize } from '../support/synthesized';
import { scratchFolder, orTearDown, Teardown } from '../support/teardown';
import { crashTests, environmentTests, stepsOfRollback } from './crash-tests';
import { incidentTests } from './incident-tests';
import { labTools, toolPath } from '../toolchain/lab-tools';
import { policyTests } from './policy-tests';
import { startShop } from './shop';
import { writeVariant } from './variant';
import { canariesOf, workflowTests } from './workflow-tests';
import { startWorld, type World } from './world';

const ENVIRONMENTS = ['prod', 'staging'] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
  const teardown = new Teardown();
  const verdicts = await orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'lab-guard-');
    const source = process.env['MESH_CONFIG'] ?? 'mesh-config';
    process.env['MESH_CONFIG'] = writeVariant(source, folder, ENVIRONMENTS);
    const outputFolder = join(folder, 'cdktf.out');
    await synthesize(outputFolder);
    const tools = await labTools(['workflows'], (message) => process.stderr.write(`${message}\n`));
    const emulator = toolPath(tools, 'workflows-emulator');
    const worlds: World[] = [];
    for (const name of ENVIRONMENTS) {
      const shop = await startShop(teardown, environmentNamed(catalogue(), name), outputFolder);
      worlds.push(await startWorld(teardown, shop, { emulator, outputFolder }));
    }
    const [world, other] = worlds as [World, World];
    const [service] = canariesOf(world);
    const labTests = [
      ...policyTests(world.shop, service),
      ...workflowTests(world),
      ...incidentTests(world),
      ...crashTests(world, await stepsOfRollback(world)),
      ...environmentTests(world, other),
    ];
    const chosen = labTests.filter(({ id }) => id.includes(values.only));
    if (chosen.length === 0) throw new LabError(`--only '${values.only}' leaves no claim`);
    return runTests(chosen, report);
  });
  await teardown.run();
  const failed = verdicts.filter(({ passed }) => !passed);
  process.stdout.write(`${verdicts.length - failed.length} of ${verdicts.length} claims kept\n`);
  if (failed.length > 0) process.exitCode = 1;
}

function report({ id, title, passed, seen, ms }: TestResult): void {
  process.stdout.write(`${passed ? 'kept  ' : 'BROKEN'}  ${id}: ${title} (${ms} ms)\n`);
  if (!passed) process.stdout.write(`        ${seen}\n`);
}

main().catch((error: unknown) => {
  if (!(error instanceof LabError || error instanceof UsageError || error instanceof CatalogueError))
    throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
