/** Applies the small shop with every pair of switches, and destroys it. */
import { join } from 'node:path';
import { loadCatalogue } from '../../../model/catalogue/load';
import { today } from '../../../tools/catalogue';
import { environmentNamed } from '../../../tools/selection';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log, orTearDown, scratchFolder, Teardown } from '../../support/teardown';
import { writeSwitched } from '../../terraform/switches';
import { EnvironmentTest } from '../lab/environment-test';
import { startCloudRig } from '../lab/rig';
import { shopCatalogue } from '../lab/shop';
import { COMBINATIONS, nameOf, switchesOf, type Combination } from './combinations';

const ENVIRONMENT = 'dev';

export interface SwitchOptions {
  /** Part of the combinations' names. */
  readonly only: string;
  /** Leaves Kubernetes objects out. @default false */
  readonly googleOnly?: boolean;
}

export async function runSwitches(
  { only, googleOnly = false }: SwitchOptions,
  results: Results,
): Promise<void> {
  const combinations = COMBINATIONS.filter((combination) => nameOf(combination).includes(only));
  if (combinations.length === 0)
    throw new LabError(`no combination has '${only}'; choose from ${COMBINATIONS.map(nameOf).join('; ')}`);
  for (const combination of combinations) {
    log(`${nameOf(combination)}:`);
    await testCombination(combination, googleOnly, results).catch((error: unknown) => {
      if (!(error instanceof LabError)) throw error;
      // The next one starts with a project of its own.
      log(`${nameOf(combination)}: FAILED: ${error.message}`);
    });
  }
}

async function testCombination(
  combination: Combination,
  googleOnly: boolean,
  results: Results,
): Promise<void> {
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const catalogue = join(scratchFolder(teardown, 'cloud-lab-switches-'), 'mesh-config');
    writeSwitched(shopCatalogue(), catalogue, ENVIRONMENT, switchesOf(combination));
    const environment = environmentNamed(loadCatalogue(catalogue, today()), ENVIRONMENT);
    const rig = await startCloudRig(teardown, environment, { catalogue, googleOnly });
    await new EnvironmentTest(rig, environment, results, nameOf(combination)).run({
      destroy: true,
      rebuild: false,
    });
  });
  await teardown.run();
}
