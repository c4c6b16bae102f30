/** One environment from an empty project: every stack applied, planned again, and destroyed. */
import type { Environment } from '../../../model/environment';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log } from '../../support/teardown';
import type { Pipeline } from './pipeline';
import type { CloudRig } from './rig';
import { describeEntry } from './report';

/** Deprecated fields that Google still reads, with the reason to send them. */
const ACCEPTED_DEPRECATIONS: readonly (readonly [path: RegExp, reason: string])[] = [
  [/^cluster\.(initialNodeCount|nodeConfig):/, 'the provider sends them for the pool that it removes'],
  [/^cluster\.securityPostureConfig\.vulnerabilityMode:/, 'switches the scanning off explicitly'],
];

export class EnvironmentTest {
  constructor(
    private readonly rig: CloudRig,
    private readonly environment: Environment,
    private readonly results: Results,
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

  private async applyAll(what: string, pipeline: Pipeline): Promise<void> {
    for (const wave of pipeline.waves) {
      const names = wave.join(', ');
      await this.step(`plan of ${names}`, () => pipeline.plan(wave));
      await this.step(`${what} of ${names}`, () => this.withoutRefusals(() => pipeline.apply(wave)));
      await this.step(`second plan of ${names}`, () => this.assertNoDrift(pipeline, wave));
    }
  }

  private async assertNoDrift(pipeline: Pipeline, stacks: readonly string[]): Promise<void> {
    const drifted = await pipeline.drift(stacks);
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
    const refused = [
      ...journal.refused(from).map(describeEntry),
      ...journal
        .deprecated(from)
        .filter((message) => !ACCEPTED_DEPRECATIONS.some(([path]) => path.test(message))),
    ];
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
