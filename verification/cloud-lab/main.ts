/** All stacks of an environment, applied with the real providers to a Google Cloud on loopback. */
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import type { Results } from '../support/results';
import { orTearDown, Teardown } from '../support/teardown';
import { EnvironmentTest } from './lab/environment-test';
import { startCloudRig } from './lab/rig';

export interface CloudLabOptions {
  readonly environments: readonly string[];
  /** @default true */
  readonly destroy?: boolean;
}

/** @throws LabError at the first step that fails, because later steps build on it */
export async function runCloudLab(
  { environments, destroy = true }: CloudLabOptions,
  results: Results,
): Promise<void> {
  const names = environments.length > 0 ? environments : ['dev', 'prod'];
  for (const name of names) {
    const environment = environmentNamed(catalogue(), name);
    const teardown = new Teardown();
    await orTearDown(teardown, async () => {
      const rig = await startCloudRig(teardown, environment);
      await new EnvironmentTest(rig, environment, results).run({ destroy });
    });
    await teardown.run();
  }
}
