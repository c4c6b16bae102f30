/** One environment from an empty project: every stack applied, planned again, and destroyed. */
import type { Environment } from '../../../model/environment';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log } from '../../support/teardown';
import type { Pipeline } from './pipeline';
import type { CloudRig } from './rig';
import { withoutRefusals } from './refusals';
import { TEAR_DOWN_OBSTACLES } from './tear-down';

export class EnvironmentTest {
  constructor(
    private readonly rig: CloudRig,
    private readonly environment: Environment,
    private readonly results: Results,
    /** For messages. */
    private readonly name = environment.name,
  ) {}

  async run(options: { readonly destroy: boolean; readonly rebuild: boolean }): Promise<void> {
    await this.applyAll('apply', this.rig.pipeline);
    if (options.destroy) await this.destroy();
    if (options.rebuild) await this.rebuild();
  }

  /** In the same project, by the steps of docs/runbooks/tear-down.md. */
  private async rebuild(): Promise<void> {
    const { cloud, variant } = this.rig;
    const pipeline = variant([{ path: 'keys.ring', value: 'rebuilt' }]);
    const bucket = cloud.world
      .entries()
      .find(([, { lifecycleState }]) => lifecycleState === 'DELETE_REQUESTED');
    if (bucket !== undefined) bucket[1]['lifecycleState'] = 'ACTIVE';
    await this.applyAll('rebuild', pipeline);
  }

  async applyAll(what: string, pipeline: Pipeline): Promise<void> {
    for (const wave of pipeline.waves) {
      const names = wave.join(', ');
      await this.step(`plan of ${names}`, () => pipeline.plan(wave));
      await this.step(`${what} of ${names}`, () =>
        withoutRefusals(this.rig.cloud.journal, () => pipeline.apply(wave)),
      );
      await this.step(`second plan of ${names}`, () => this.assertNoDrift(pipeline, wave));
    }
  }

  private async assertNoDrift(pipeline: Pipeline, stacks: readonly string[]): Promise<void> {
    const drifted = await pipeline.drift(stacks);
    if (drifted.length > 0) throw new LabError(`the second plan of ${drifted.join(', ')} is not empty`);
  }

  private async destroy(): Promise<void> {
    const { cloud, pipeline } = this.rig;
    for (const { name, refused, clear } of TEAR_DOWN_OBSTACLES.filter(({ applies }) =>
      applies(this.environment),
    )) {
      await this.step(`destroy is refused: ${name}`, async () => {
        const { status, output } = await pipeline.tryDestroy();
        if (status === 0 || !refused.test(output.replace(/[\s│]+/g, ' ')))
          throw new LabError(`the destruction is not refused as expected:\n${output.slice(-1_000)}`);
      });
      clear(cloud.world);
    }
    await this.step('destroy', () => withoutRefusals(cloud.journal, () => pipeline.destroy()));
  }

  private async step(name: string, work: () => Promise<void>): Promise<void> {
    const started = performance.now();
    const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
    await this.results.step(this.name, name, work);
    log(`${this.name}: ${name}: ${seconds()} s`);
  }
}
