/** One environment from an empty project: every stack applied, planned again, and destroyed. */
import { join } from 'node:path';
import type { Environment } from '../../../model/environment';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log } from '../../support/teardown';
import { writeSwitched } from '../../terraform/switches';
import type { Pipeline } from './pipeline';
import type { CloudRig } from './rig';
import { withoutRefusals } from './refusals';
import { TEAR_DOWN_OBSTACLES } from './tear-down';

export class EnvironmentTest {
  private readonly seconds = new Map<string, number>();

  constructor(
    private readonly rig: CloudRig,
    private readonly environment: Environment,
    private readonly results: Results,
    /** For messages. */
    private readonly name = environment.name,
  ) {}

  async run(options: { readonly destroy: boolean; readonly rebuild: boolean }): Promise<void> {
    const { pipeline } = this.rig;
    await this.applyAll('apply', pipeline);
    const stacks = pipeline.waves.flat();
    const resources = stacks.reduce((sum, stack) => sum + pipeline.stateOf(stack).managed().size, 0);
    if (options.destroy) await this.destroy();
    if (options.rebuild) await this.rebuild();
    log(`${this.name}: ${resources} resources, ${this.durations()}`);
  }

  /** `plan 40 s, apply 210 s, second plan 45 s, destroy 60 s`, each over all stacks. */
  private durations(): string {
    return [...this.seconds].map(([what, seconds]) => `${what} ${Math.round(seconds)} s`).join(', ');
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
    const { cloud } = this.rig;
    const pipeline = this.environment.deletionProtection ? await this.unprotected() : this.rig.pipeline;
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

  /** The same environment after `deletionProtection: false` was applied, as docs/runbooks/tear-down.md demands. */
  private async unprotected(): Promise<Pipeline> {
    const { rig, environment } = this;
    const catalogue = join(rig.folder, 'unprotected-config');
    writeSwitched(rig.catalogue, catalogue, environment.name, [{ path: 'deletionProtection', value: false }]);
    const pipeline = await rig.edited(catalogue, 'unprotected.out');
    const stacks = await pipeline.changed(rig.outputFolder);
    await this.step('end of the protection', async () => {
      await pipeline.plan(stacks);
      await withoutRefusals(rig.cloud.journal, () => pipeline.apply(stacks));
    });
    return pipeline;
  }

  private async step(name: string, work: () => Promise<void>): Promise<void> {
    const started = performance.now();
    const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
    await this.results.step(this.name, name, work);
    const [what = name] = name.split(/ of |:/);
    this.seconds.set(what, (this.seconds.get(what) ?? 0) + Number(seconds()));
    log(`${this.name}: ${name}: ${seconds()} s`);
  }
}
