/** One stack through the whole pipeline: review, apply, an edit, drift and its correction, destroy. */
import { cpSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../model/environment';
import type { Review } from '../../model/review/review';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { selectStacks } from '../../tools/synthesized-stacks';
import { LabError } from '../support/errors';
import type { Results } from '../support/results';
import { log, scratchFolder, Teardown } from '../support/teardown';
import { destroyStack } from './destruction';
import { editByHand } from './hand-edits';
import { assertApplyRefused, assertReadOnly } from './plan-account';
import { changesOf } from './plan-json';
import { readStack, resourceCount } from './read-stack';
import {
  assertDrift,
  assertEverydayEdit,
  assertFirstDeploy,
  assertEmptyReview,
  everydayEdit,
  RETRIES_EDIT,
  reviewOf,
  summaryOf,
} from './reviewed';
import { startTerraformRig, type PlanOptions, type SavedPlan, type TerraformRig } from './rig';
import { synthesizeVariant, type Switch } from './switches';

/** @throws LabError at the first step that fails, because later steps build on it */
export async function testEnvironment(
  environment: string,
  outputFolder: string,
  results: Results,
): Promise<void> {
  const teardown = new Teardown();
  try {
    const edited = scratchFolder(teardown, 'lab-edited-');
    const rig = await startTerraformRig({ environment, outputFolder, log });
    teardown.add(() => rig.stop());
    await new EnvironmentTest(rig, environmentNamed(catalogue(), environment), edited, results).run();
  } finally {
    await teardown.run();
  }
}

class EnvironmentTest {
  private readonly stack: string;

  constructor(
    private readonly rig: TerraformRig,
    private readonly environment: Environment,
    /** Takes edited catalogues and their stacks. */
    private readonly editedFolder: string,
    private readonly results: Results,
  ) {
    this.stack = `${environment.name}-mesh-policies`;
  }

  async run(): Promise<void> {
    await this.firstDeploy();
    await this.edit();
    await this.editByHand();
    // The steps are the same in production, and slow: once is enough.
    if (!this.environment.production)
      await this.timed(
        'destroy',
        () => destroyStack(this.rig, this.environment, this.stack),
        () => `${this.resources} resources`,
      );
  }

  private async firstDeploy(): Promise<void> {
    const first = await this.plan('first plan');
    await this.review(first, (review) => assertFirstDeploy(review, this.environment, this.resources));
    await this.apply('apply', first, `${this.resources} resources`);
    await this.timed(
      'rights of the account that plans',
      () => assertReadOnly(this.rig, this.environment, this.stack),
      (rights) => rights,
    );
    await this.assertEmptyPlan('second plan');
  }

  private async edit(): Promise<void> {
    // Every object has just been read, so these plans need no refresh.
    this.switchTo([RETRIES_EDIT]);
    const forbidden = await this.plan('plan of an edit by the account that plans', { refresh: false });
    await this.timed(
      'its apply by that account',
      () => assertApplyRefused(this.rig, forbidden),
      (result) => result,
    );
    this.switchTo(everydayEdit(this.environment));
    const plan = await this.plan('plan after an edit of the catalogue', { refresh: false });
    await this.review(plan, assertEverydayEdit);
    await this.apply('apply of the edit', plan, `${this.changes(plan).length} changes`);
  }

  private async editByHand(): Promise<void> {
    const { rig, stack } = this;
    const edits = await editByHand(rig, stack);
    const addresses = edits.map(({ address }) => address);
    const drift = await this.plan('plan after three edits by hand');
    const expected = addresses.map((address) => `update ${address}`).sort();
    const found = this.changes(drift);
    this.assert(found.join() === expected.join(), `drift differs from the edits: ${found.join(', ')}`);
    await this.review(drift, (review) => assertDrift(review, addresses));
    const second = await this.plan('a second plan of the same state');

    await this.apply('apply reverts the edits', drift, `${edits.length} changes`);
    for (const { address, stands } of edits)
      this.assert(!(await stands()), `${address} still has the edit by hand`);
    const outcome = await this.timed(
      'apply of the second plan',
      () =>
        rig.apply(second).then(
          () => 'applied',
          (error: unknown) =>
            String(error).includes('Saved plan is stale') ? 'refused as stale' : String(error),
        ),
      (output) => output,
    );
    this.assert(outcome === 'refused as stale', `the stale plan was not refused: ${outcome}`);
    await this.assertEmptyPlan('last plan');
  }

  /** Replaces the stack by that of the edited catalogue. */
  private switchTo(switches: readonly Switch[]): void {
    const folder = mkdtempSync(join(this.editedFolder, 'edit-'));
    const output = synthesizeVariant(folder, this.environment.name, switches);
    const [stack] = selectStacks(output, this.environment.name, ['mesh-policies']);
    cpSync(join(stack!.folder, 'cdk.tf.json'), join(this.rig.stack(this.stack).folder, 'cdk.tf.json'));
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

  private async review(plan: SavedPlan, check: (review: Review) => void): Promise<void> {
    const checkedReview = async () => {
      const review = await reviewOf(plan);
      check(review);
      return review;
    };
    await this.timed('its review', checkedReview, summaryOf);
  }

  private async assertEmptyPlan(step: string): Promise<void> {
    const plan = await this.plan(step);
    this.assert(plan.outcome === 'no changes', `the ${step} is not empty: ${this.changes(plan).join(', ')}`);
    await this.review(plan, assertEmptyReview);
  }

  private async timed<T>(step: string, work: () => Promise<T>, result: (value: T) => string): Promise<T> {
    const { name } = this.environment;
    const started = Date.now();
    return this.results.step(name, step, work, (value) => {
      const seconds = ((Date.now() - started) / 1_000).toFixed(1);
      log(`${name}: ${step}: ${result(value)}, ${seconds} s`);
      return result(value);
    });
  }

  private assert(holds: boolean, failure: string): void {
    if (!holds) throw new LabError(`${this.stack}: ${failure}`);
  }
}
