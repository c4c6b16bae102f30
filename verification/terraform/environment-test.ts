/** A stack's way through the pipeline: reviewed, applied, unchanged, edited, taken back, and destroyed. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../model/environment';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { selectStacks } from '../../tools/synthesized-stacks';
import { LabError } from '../support/errors';
import { scratchFolder, Teardown } from '../support/teardown';
import { destroyStack } from './destruction';
import { editByHand } from './hand-edits';
import { demandApplyRefused, demandReadOnly } from './plan-account';
import { changesOf } from './plan-json';
import { readStack, resourceCount } from './read-stack';
import {
  demandDrift,
  demandEverydayEdit,
  demandFirstDeploy,
  demandNothing,
  everydayEdit,
  reviewOf,
  summaryOf,
} from './reviewed';
import { startTerraformRig, type PlanOptions, type SavedPlan, type TerraformRig } from './rig';
import { synthesizeVariant } from './switches';

/**
 * @param tell hears of each step as it ends
 * @throws LabError at the first step that does not end as it must
 */
export async function testEnvironment(
  environment: string,
  outputFolder: string,
  log: (message: string) => void,
): Promise<void> {
  const teardown = new Teardown();
  try {
    const edited = scratchFolder(teardown, 'lab-edited-');
    const rig = await startTerraformRig({ environment, outputFolder, log });
    teardown.add(() => rig.stop());
    await new Proof(rig, environmentNamed(catalogue(), environment), edited, log).run();
  } finally {
    await teardown.run();
  }
}

class Proof {
  private readonly stack: string;

  constructor(
    private readonly rig: TerraformRig,
    private readonly environment: Environment,
    /** Empty; for the catalogue after an edit, and what is made of it. */
    private readonly editedFolder: string,
    private readonly log: (message: string) => void,
  ) {
    this.stack = `${environment.name}-mesh-policies`;
  }

  async run(): Promise<void> {
    await this.firstDeploy();
    await this.edit();
    await this.editPastThePipeline();
    // Production takes the same steps; once is enough to see them, and they are slow.
    if (!this.environment.production)
      await this.timed(
        'destroy',
        () => destroyStack(this.rig, this.environment, this.stack),
        () => `${this.resources} resources`,
      );
  }

  private async firstDeploy(): Promise<void> {
    const first = await this.plan('first plan');
    await this.review(first, (review) => demandFirstDeploy(review, this.environment, this.resources));
    await this.apply('apply', first, `${this.resources} resources`);
    await this.timed(
      'what the account that plans may do',
      () => demandReadOnly(this.rig, this.environment, this.stack),
      (seen) => seen,
    );
    await this.demandEmpty('second plan');
  }

  private async edit(): Promise<void> {
    const output = synthesizeVariant(
      this.editedFolder,
      this.environment.name,
      everydayEdit(this.environment),
    );
    const [edited] = selectStacks(output, this.environment.name, ['mesh-policies']);
    cpSync(join(edited!.folder, 'cdk.tf.json'), join(this.rig.stack(this.stack).folder, 'cdk.tf.json'));
    // Every object has just been read back.
    const plan = await this.plan('plan after an edit of the catalogue', { refresh: false });
    await this.review(plan, demandEverydayEdit);
    await this.timed(
      'apply of the edit by the account that plans',
      () => demandApplyRefused(this.rig, plan),
      (output) => output,
    );
    await this.apply('apply of the edit', plan, `${this.changes(plan).length} changes`);
  }

  private async editPastThePipeline(): Promise<void> {
    const { rig, stack } = this;
    const edits = await editByHand(rig, stack);
    const addresses = edits.map(({ address }) => address);
    const drift = await this.plan('plan after three edits by hand');
    const expected = addresses.map((address) => `update ${address}`).sort();
    const found = this.changes(drift);
    this.demand(found.join() === expected.join(), `drift is not what was edited: ${found.join(', ')}`);
    await this.review(drift, (review) => demandDrift(review, addresses));
    const rival = await this.plan('the same plan for a second person');

    await this.apply('apply takes the edits back', drift, `${edits.length} changes`);
    for (const { address, stands } of edits)
      this.demand(!(await stands()), `${address} still is as edited by hand`);
    const outcome = await this.timed(
      'apply of the second person’s plan',
      () =>
        rig.apply(rival).then(
          () => 'applied',
          (error: unknown) =>
            String(error).includes('Saved plan is stale') ? 'refused as stale' : String(error),
        ),
      (output) => output,
    );
    this.demand(outcome === 'refused as stale', `a stale plan was not refused: ${outcome}`);
    await this.demandEmpty('last plan');
  }

  private get resources(): number {
    return resourceCount(readStack(this.rig.stack(this.stack).folder));
  }

  private changes(plan: SavedPlan): string[] {
    return changesOf(this.rig.show(plan));
  }

  private plan(step: string, options?: PlanOptions): Promise<SavedPlan> {
    return this.timed(
      step,
      () => this.rig.plan(this.stack, options),
      (plan) => `${this.changes(plan).length} changes`,
    );
  }

  private apply(step: string, plan: SavedPlan, result: string): Promise<void> {
    return this.timed(
      step,
      () => this.rig.apply(plan),
      () => result,
    );
  }

  private async review(plan: SavedPlan, demand: Parameters<typeof this.judge>[1]): Promise<void> {
    await this.timed('its review', () => this.judge(plan, demand), summaryOf);
  }

  private async judge(plan: SavedPlan, demand: (review: Awaited<ReturnType<typeof reviewOf>>) => void) {
    const review = await reviewOf(plan);
    demand(review);
    return review;
  }

  private async demandEmpty(step: string): Promise<void> {
    const plan = await this.plan(step);
    this.demand(plan.outcome === 'no changes', `the ${step} is not empty: ${this.changes(plan).join(', ')}`);
    await this.review(plan, demandNothing);
  }

  private async timed<T>(step: string, work: () => Promise<T>, result: (value: T) => string): Promise<T> {
    const started = Date.now();
    const value = await work();
    const seconds = ((Date.now() - started) / 1_000).toFixed(1);
    this.log(`${this.environment.name}: ${step}: ${result(value)}, ${seconds} s`);
    return value;
  }

  private demand(holds: boolean, otherwise: string): void {
    if (!holds) throw new LabError(`${this.stack}: ${otherwise}`);
  }
}
