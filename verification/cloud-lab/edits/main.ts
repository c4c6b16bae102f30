/** Runs the scenarios on one environment of the small shop. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '../../../model/catalogue/load';
import type { Environment } from '../../../model/environment';
import { today } from '../../../tools/catalogue';
import { environmentNamed } from '../../../tools/selection';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log, orTearDown, scratchFolder, Teardown } from '../../support/teardown';
import { Checkpoint } from '../lab/checkpoint';
import { EnvironmentTest } from '../lab/environment-test';
import { startCloudRig } from '../lab/rig';
import { shopCatalogue } from '../lab/shop';
import { EditTest } from './edit-test';
import type { EditScenario } from './edit';
import { scenariosOf } from './scenarios';

export interface EditRunOptions {
  readonly env: string;
  /** Part of the scenarios' names. */
  readonly only: string;
  /** Leaves Kubernetes objects out, and most words and flags of the reviews. @default false */
  readonly googleOnly?: boolean;
  /** Keeps the progress of the run. @default a temporary folder */
  readonly work?: string;
  /** Continues after the last finished scenario in `work`. @default starts with an empty project */
  readonly resume?: boolean;
}

const APPLIED = 'first deploy';

/** A failed scenario leaves its changes behind, so the next one starts from the last checkpoint. */
export async function runEdits(
  { env, only, googleOnly = false, work, resume = false }: EditRunOptions,
  results: Results,
): Promise<void> {
  if (resume && work === undefined)
    throw new LabError('--resume needs --work, the folder of the earlier run');
  const catalogue = shopCatalogue();
  const environment = environmentNamed(loadCatalogue(catalogue, today()), env);
  const scenarios = scenariosOf(environment).filter(({ name }) => name.includes(only));
  if (scenarios.length === 0)
    throw new LabError(`no scenario is called '${only}'; choose from ${names(scenariosOf(environment))}`);
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const folder = join(work ?? scratchFolder(teardown, 'cloud-lab-work-'), env);
    if (!resume) rmSync(folder, { recursive: true, force: true });
    let checkpoint = resume ? Checkpoint.read(folder) : undefined;
    let left = scenarios.filter(({ name }) => checkpoint?.steps.includes(name) !== true);
    log(`${env}: ${left.length} of ${scenarios.length} scenarios: ${names(left)}`);
    while (left.length > 0) {
      const run = await runFrom({ environment, catalogue, googleOnly, folder, left, checkpoint }, results);
      checkpoint = run.reached;
      const { steps } = run.reached;
      left = left.filter(({ name }) => !steps.includes(name) && name !== run.failed);
    }
  });
  await teardown.run();
}

interface Run {
  readonly environment: Environment;
  readonly catalogue: string;
  readonly googleOnly: boolean;
  readonly folder: string;
  readonly left: readonly EditScenario[];
  readonly checkpoint: Checkpoint | undefined;
}

/** Ends with the first scenario that fails, or that leaves the environment edited. */
async function runFrom(
  { environment, catalogue, googleOnly, folder, left, checkpoint }: Run,
  results: Results,
): Promise<{ readonly reached: Checkpoint; readonly failed?: string }> {
  const teardown = new Teardown();
  return orTearDown(teardown, async () => {
    const rig = await startCloudRig(teardown, environment, {
      catalogue,
      googleOnly,
      ...(checkpoint && { checkpoint }),
    });
    let reached = checkpoint;
    if (reached === undefined) {
      await new EnvironmentTest(rig, environment, results).run({ destroy: false, rebuild: false });
      reached = Checkpoint.write(folder, rig, [APPLIED]);
    }
    const test = new EditTest(rig, environment, catalogue, results, googleOnly);
    for (const scenario of left) {
      const { name } = scenario;
      const outcome = await test.run(scenario).catch(failureOf);
      if (outcome === 'failed') {
        await teardown.run();
        return { reached, failed: name };
      }
      if (!outcome) {
        reached = reached.withStep(name);
        break;
      }
      reached = Checkpoint.write(folder, rig, [...reached.steps, name]);
    }
    await teardown.run();
    return { reached };
  });
}

function failureOf(error: unknown): 'failed' {
  if (error instanceof LabError) return 'failed';
  throw error;
}

function names(scenarios: readonly EditScenario[]): string {
  return scenarios.map(({ name }) => `'${name}'`).join(', ');
}
