/** One environment from an empty project: every stack applied, planned again, and destroyed. */
import type { Environment } from '../../../model/environment';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log } from '../../support/teardown';
import type { CloudRig } from './rig';
import { describeEntry } from './report';

export class EnvironmentTest {
  constructor(
    private readonly rig: CloudRig,
    private readonly environment: Environment,
    private readonly results: Results,
  ) {}

  async run(options: { readonly destroy: boolean }): Promise<void> {
    await this.applyAll('apply');
    if (options.destroy) await this.destroy();
  }

  async applyAll(what: string): Promise<void> {
    const { pipeline } = this.rig;
    for (const wave of pipeline.waves) {
      const names = wave.join(', ');
      await this.step(`plan of ${names}`, () => pipeline.plan(wave));
      await this.step(`${what} of ${names}`, () => this.withoutRefusals(() => pipeline.apply(wave)));
      await this.step(`second plan of ${names}`, () => this.assertNoDrift(wave));
    }
  }

  private async assertNoDrift(stacks: readonly string[]): Promise<void> {
    const drifted = await this.rig.pipeline.drift(stacks);
    if (drifted.length > 0) throw new LabError(`the second plan of ${drifted.join(', ')} is not empty`);
  }

  private async destroy(): Promise<void> {
    await this.step('destroy', () => this.withoutRefusals(() => this.rig.pipeline.destroy()));
  }

  /** @throws LabError if the APIs refused a request, even if Terraform succeeded after a retry */
  private async withoutRefusals(work: () => Promise<void>): Promise<void> {
    const { journal } = this.rig.cloud;
    const from = journal.entries.length;
    const failed = await work().then(
      () => undefined,
      (error: unknown) => error,
    );
    const refused = journal.refused(from).map(describeEntry);
    if (failed === undefined && refused.length === 0) return;
    const message = failed instanceof Error ? failed.message : '';
    throw new LabError([...new Set([...refused, ...(message === '' ? [] : [message])])].join('\n'));
  }

  private async step(name: string, work: () => Promise<void>): Promise<void> {
    const started = performance.now();
    const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
    await this.results.step(this.environment.name, name, work);
    log(`${this.environment.name}: ${name}: ${seconds()} s`);
  }
}
