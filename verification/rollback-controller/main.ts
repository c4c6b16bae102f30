/** Tests the rollback workflow and the admission policies of canaries, as deployed, on real API servers. */
import { join } from 'node:path';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { addResult, runTests, type TestResult } from '../support/lab-test';
import { LabError } from '../support/errors';
import type { Results } from '../support/results';
import { synthesize } from '../support/synthesized';
import { log, scratchFolder, orTearDown, Teardown } from '../support/teardown';
import { crashTests, environmentTests, requestsOfRollback } from './crash-tests';
import { incidentTests } from './incident-tests';
import { labTools, toolPath } from '../toolchain/lab-tools';
import { policyTests } from './policy-tests';
import { startShop } from './shop';
import { writeVariant } from './variant';
import { canariesOf, workflowTests } from './workflow-tests';
import { startWorld, type World } from './world';

const ENVIRONMENTS = ['prod', 'staging'] as const;

/** @param only text that the ids of the tests contain */
export async function runRollbackController(
  { only }: { readonly only: string },
  recorded: Results,
): Promise<void> {
  const teardown = new Teardown();
  const results = await orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'rollback-controller-');
    const source = process.env['MESH_CONFIG'] ?? 'mesh-config';
    process.env['MESH_CONFIG'] = writeVariant(source, folder, ENVIRONMENTS);
    const outputFolder = join(folder, 'cdktf.out');
    await synthesize(outputFolder);
    const tools = await labTools(['workflows'], log);
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
      ...crashTests(world, await requestsOfRollback(world)),
      ...environmentTests(world, other),
    ];
    const chosen = labTests.filter(({ id }) => id.includes(only));
    if (chosen.length === 0) throw new LabError(`--only '${only}' matches no test`);
    return runTests(chosen, (result) => {
      addResult(recorded, result);
      print(result);
    });
  });
  await teardown.run();
  const passed = results.filter((result) => result.passed);
  process.stdout.write(`${passed.length} of ${results.length} tests passed\n`);
}

function print({ id, title, passed, seen, ms }: TestResult): void {
  process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${id}: ${title} (${ms} ms)\n`);
  if (!passed) process.stdout.write(`        ${seen}\n`);
}
