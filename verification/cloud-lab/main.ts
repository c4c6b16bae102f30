/** All stacks of an environment, applied with the real providers to a Google Cloud on loopback. */
import { join } from 'node:path';
import { loadCatalogue } from '../../model/catalogue/load';
import { catalogue, today } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import type { Results } from '../support/results';
import { orTearDown, scratchFolder, Teardown } from '../support/teardown';
import { writeSwitched } from '../terraform/switches';
import { EnvironmentTest } from './lab/environment-test';
import { FirstDeploy } from './lab/first-deploy';
import { FaultTest } from './lab/fault-test';
import { RegressionTest } from './lab/regression-test';
import { startCloudRig } from './lab/rig';
import { shopCatalogue } from './lab/shop';

export interface CloudLabOptions {
  readonly environments: readonly string[];
  /** @default true */
  readonly destroy?: boolean;
  /** Leaves Kubernetes objects out. @default false */
  readonly googleOnly?: boolean;
  /** Applies all stacks again after they were destroyed. @default false */
  readonly rebuild?: boolean;
  /** Writes the transcript of each environment. @default false */
  readonly record?: boolean;
}

/** @throws LabError at the first step that fails, because later steps build on it */
export async function runCloudLab(
  { environments, destroy = true, record = false, googleOnly = false, rebuild = false }: CloudLabOptions,
  results: Results,
): Promise<void> {
  const names = environments.length > 0 ? environments : ['dev', 'prod'];
  for (const name of names) {
    const environment = environmentNamed(catalogue(), name);
    const teardown = new Teardown();
    await orTearDown(teardown, async () => {
      const rig = await startCloudRig(teardown, environment, { googleOnly });
      const startedAt = new Date().toISOString();
      await new EnvironmentTest(rig, environment, results).run({
        // Production protects its resources.
        destroy: destroy && !environment.production,
        rebuild: rebuild && !environment.production,
      });
      if (record) rig.record(startedAt);
    });
    await teardown.run();
  }
}

/** @param name of an environment with an attestor and Kiali, outside of production */
export async function runRegressions(name: string, only: string, results: Results): Promise<void> {
  const environment = environmentNamed(catalogue(), name);
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const rig = await startCloudRig(teardown, environment);
    await new RegressionTest(rig, environment, results, only).run();
  });
  await teardown.run();
}

/** Injects faults into applies of the small shop; needs no API server. */
export async function runFaults(only: string, results: Results): Promise<void> {
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const { catalogue, environment } = shopWithStateBucket(teardown, 'dev');
    const rig = await startCloudRig(teardown, environment, { catalogue, googleOnly: true });
    await new FaultTest(rig, environment, results, only).run();
  });
  await teardown.run();
}

/** Executes docs/runbooks/first-deploy.md with the small shop. */
export async function runFirstDeploy(name: string, results: Results): Promise<void> {
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const { catalogue, environment } = shopWithStateBucket(teardown, name);
    const rig = await startCloudRig(teardown, environment, { catalogue });
    await new FirstDeploy(rig, environment, results, shopCatalogue()).run();
  });
  await teardown.run();
}

/** The small shop after the third step of docs/runbooks/first-deploy.md. */
function shopWithStateBucket(teardown: Teardown, name: string) {
  const catalogue = join(scratchFolder(teardown, 'cloud-lab-shop-'), 'mesh-config');
  const { project } = environmentNamed(loadCatalogue(shopCatalogue(), today()), name);
  const state = { backend: 'gcs', bucket: `${project.id}-terraform-state` };
  writeSwitched(shopCatalogue(), catalogue, name, [{ path: 'state', value: state }]);
  return { catalogue, environment: environmentNamed(loadCatalogue(catalogue, today()), name) };
}
