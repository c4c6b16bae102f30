/** Edits of the running environment: planned, reviewed, applied and compared, there and back. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../model/environment';
import { writeEditedCatalogue } from '../../plan-fixtures/variant';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log } from '../../support/teardown';
import type { Pipeline, PlanReview } from '../lab/pipeline';
import type { Managed } from '../lab/stack-state';
import { withoutRefusals } from '../lab/refusals';
import type { CloudRig } from '../lab/rig';
import type { Edit, ExpectedChange, Operation, EditScenario } from './edit';
import { differencesBetween, differencesFrom, googleDifferencesFrom } from './expectation';
import { assertAsReviewed, snapshotOf } from './outcome';

export class EditTest {
  constructor(
    private readonly rig: CloudRig,
    private readonly environment: Environment,
    /** Folder of the unchanged catalogue. */
    private readonly catalogue: string,
    private readonly results: Results,
    /** The rig leaves Kubernetes objects out. */
    private readonly googleOnly = false,
  ) {}

  /**
   * @returns false if the environment still has the edit, because Terraform refuses the way back
   * @throws LabError at the first step that fails, because the environment is then in between
   */
  async run(scenario: EditScenario): Promise<boolean> {
    if ('run' in scenario) await this.operate(scenario);
    else await this.thereAndBack(scenario);
    return 'run' in scenario || scenario.back.refused === undefined;
  }

  private async thereAndBack({ name, change, expected, back }: Edit): Promise<void> {
    const { rig } = this;
    const config = join(rig.folder, 'edited-config');
    rmSync(config, { recursive: true, force: true });
    writeEditedCatalogue(this.catalogue, config, change);
    const edited = await rig.edited(config, 'edited.out');
    const stacks = await this.change(name, edited, rig.outputFolder, expected);
    if (stacks.length > 0) await this.step(name, 'second plan', () => assertNoChanges(edited, stacks));
    await this.change(`${name}, back`, rig.pipeline, join(rig.folder, 'edited.out'), back);
    if (back.refused !== undefined) return;
    await this.step(`${name}, back`, 'second plan of all stacks', () =>
      assertNoChanges(rig.pipeline, rig.pipeline.waves.flat()),
    );
  }

  private async operate({ name, run, expected }: Operation): Promise<void> {
    const { pipeline, cloud } = this.rig;
    run(cloud.world);
    const stacks = pipeline.waves.flat();
    await this.step(name, 'plan', () => pipeline.plan(stacks));
    await this.step(name, 'review', async () => {
      const differences = this.compare(expected, await pipeline.review(stacks));
      if (differences.length > 0) throw new LabError(differences.join('\n'));
    });
  }

  /**
   * @param base output folder of the catalogue that is deployed
   * @returns the changed stacks
   */
  private async change(
    name: string,
    pipeline: Pipeline,
    base: string,
    expected: ExpectedChange,
  ): Promise<readonly string[]> {
    const stacks = await this.step(name, 'changed stacks', () =>
      this.changedStacks(pipeline, base, expected),
    );
    if (expected.refused !== undefined) {
      const { refused } = expected;
      await this.step(name, 'refused plan', () => assertRefused(pipeline, stacks, refused));
      return [];
    }
    if (stacks.length === 0) return stacks;
    // As in a pull request: every changed stack at once.
    await this.step(name, 'plan', () => pipeline.plan(stacks));
    const seen = await this.step(name, 'review', async () => {
      const review = await pipeline.review(stacks);
      const differences = this.compare(expected, review);
      if (differences.length > 0) throw new LabError(differences.join('\n'));
      return review;
    });
    const waves = pipeline.waves
      .map((wave) => wave.filter((stack) => stacks.includes(stack)))
      .filter((wave) => wave.length > 0);
    for (const [index, wave] of waves.entries())
      await this.step(name, `apply of ${wave.join(', ')}`, () =>
        this.applyWave(pipeline, wave, index === 0 && waves.length === 1 ? undefined : seen),
      );
    return stacks;
  }

  private compare(expected: ExpectedChange, review: PlanReview): string[] {
    return this.googleOnly ? googleDifferencesFrom(expected, review) : differencesFrom(expected, review);
  }

  private async changedStacks(
    pipeline: Pipeline,
    base: string,
    expected: ExpectedChange,
  ): Promise<readonly string[]> {
    const stacks = await pipeline.changed(base);
    const names = expected.stacks.map((kind) => `${this.environment.name}-${kind}`);
    const missing = names.filter((stack) => !stacks.includes(stack) && !this.googleOnly);
    if (missing.length > 0 || stacks.some((stack) => !names.includes(stack)))
      throw new LabError(`changed stacks are ${stacks.join(', ')}, expected ${names.join(', ')}`);
    return stacks;
  }

  /**
   * The pipeline plans each wave anew, after the one below it was applied.
   *
   * @param seen review of the pull request; undefined if its plan is applied
   */
  private async applyWave(
    pipeline: Pipeline,
    wave: readonly string[],
    seen: PlanReview | undefined,
  ): Promise<void> {
    if (seen !== undefined) await pipeline.plan(wave);
    const review = await pipeline.review(wave);
    const differences = seen === undefined ? [] : differencesBetween(seen, review, wave);
    if (differences.length > 0)
      throw new LabError(`the plan differs from that of the pull request:\n${differences.join('\n')}`);
    const snapshot = (managed: (stack: string) => Managed) =>
      snapshotOf(
        wave.map((stack) => [stack, managed(stack)] as const),
        this.rig.cloud.world,
      );
    // Not the state file: values that a refresh reads are no change.
    const before = snapshot((stack) => pipeline.planned(stack));
    await withoutRefusals(this.rig.cloud.journal, () => pipeline.apply(wave));
    assertAsReviewed(
      review,
      before,
      snapshot((stack) => pipeline.stateOf(stack).managed()),
    );
  }

  private async step<T>(scenario: string, name: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
    try {
      const value = await this.results.step(`${this.environment.name}: ${scenario}`, name, work);
      log(`${this.environment.name}: ${scenario}: ${name}: ${seconds()} s`);
      return value;
    } catch (error) {
      if (error instanceof LabError)
        log(`${this.environment.name}: ${scenario}: ${name}: FAILED: ${error.message}`);
      throw error;
    }
  }
}

async function assertNoChanges(pipeline: Pipeline, stacks: readonly string[]): Promise<void> {
  const drifted = await pipeline.drift(stacks);
  if (drifted.length > 0) throw new LabError(`the second plan of ${drifted.join(', ')} is not empty`);
}

async function assertRefused(pipeline: Pipeline, stacks: readonly string[], message: RegExp): Promise<void> {
  const { status, output } = await pipeline.tryPlan(stacks);
  if (status === 0) throw new LabError('the plan is accepted');
  if (!message.test(output.replace(/[\s│]+/g, ' ')))
    throw new LabError(`the plan is refused differently:\n${output.slice(-1_000)}`);
}
