import type { Environment } from '../../../model/environment';
import { selectStacks } from '../../../tools/synthesized-stacks';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log } from '../../support/teardown';
import { NO_DELAYS } from '../engine/switches';
import { removeKubernetes } from './google-only';
import { REGRESSIONS, type Regression } from './regressions';
import type { CloudRig } from './rig';
import { LabStackFile } from './stack-file';

/** Applies every stack; before each, the defects that belong to it are put back one by one and must fail. */
export class RegressionTest {
  private readonly tested = new Set<string>();

  constructor(
    private readonly rig: CloudRig,
    private readonly environment: Environment,
    private readonly results: Results,
    /** Part of the names of the defects. */
    private readonly only: string,
  ) {}

  async run(): Promise<void> {
    const { pipeline, outputFolder } = this.rig;
    // Its 200 Kubernetes objects have no fault here, and take minutes.
    removeKubernetes(outputFolder, this.environment.name, ['mesh-policies']);
    const regressions = REGRESSIONS.filter(({ name }) => name.includes(this.only));
    for (const stack of selectStacks(outputFolder, this.environment.name, [])) {
      if (!regressions.some(({ name }) => !this.tested.has(name))) return;
      for (const regression of regressions.filter(({ stack: kind }) => kind === stack.kind))
        await this.step(regression.name, () => this.assertFails(regression, stack.id));
      await this.step(`${stack.id} without a fault`, async () => {
        await pipeline.plan([stack.id]);
        await pipeline.apply([stack.id]);
        if ((await pipeline.drift([stack.id])).length > 0) throw new LabError('the second plan is not empty');
      });
    }
  }

  private async assertFails(regression: Regression, stack: string): Promise<void> {
    this.tested.add(regression.name);
    const { cloud, pipeline, outputFolder } = this.rig;
    const file = new LabStackFile(outputFolder, this.environment.name, regression.stack);
    if (regression.edit) file.edit(regression.edit);
    regression.prepare?.(cloud.world);
    Object.assign(cloud.world.switches, regression.switches);
    try {
      await pipeline.plan([stack]);
      const { status, output } = await pipeline.tryApply([stack]);
      if (status === 0) throw new LabError('the apply succeeded');
      const flat = output.replace(/[\s│]+/g, ' ');
      if (!regression.message.test(flat))
        throw new LabError(`the apply failed differently:\n${output.slice(-2_000)}`);
    } finally {
      file.restore();
      if (regression.taints) pipeline.untaint(stack);
      regression.repair?.(cloud.world);
      Object.assign(cloud.world.switches, NO_DELAYS);
    }
  }

  private async step(name: string, work: () => Promise<void>): Promise<void> {
    const started = performance.now();
    try {
      await this.results.step('regressions', name, work);
      log(`${name}: passed, ${((performance.now() - started) / 1_000).toFixed(1)} s`);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      log(`${name}: FAILED: ${error.message}`);
    }
  }
}
