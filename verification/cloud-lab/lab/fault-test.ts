/** Faults on purpose during the apply of one stack; the next apply must end in the same state. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../model/environment';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log } from '../../support/teardown';
import { FaultPlan, type Fault } from '../server/faults';
import type { CloudRig } from './rig';

interface Scenario {
  readonly name: string;
  readonly faults: readonly Fault[];
  /** Ends Terraform after some changes. @default never */
  readonly signal?: 'SIGINT' | 'SIGKILL';
  /**
   * The change was made and Terraform does not know it: until somebody imports the resource, it cannot be created.
   *
   * @default false
   */
  readonly leavesOrphans?: boolean;
}

const CHANGES_BEFORE_SIGNAL = 12;
const isChange = (verb: string) => verb !== 'GET';
const everyThird = (() => {
  let count = 0;
  return (verb: string) => isChange(verb) && (count += 1) % 3 === 0;
})();

const SCENARIOS: readonly Scenario[] = [
  { name: 'every third change answered with 500', faults: [{ kind: 'error-500', matches: everyThird }] },
  { name: 'every change answered with 429 once', faults: [{ kind: 'rate-limit-429', matches: isChange }] },
  { name: 'every third change answered with 409', faults: [{ kind: 'conflict-409', matches: everyThird }] },
  { name: 'the token expired', faults: [{ kind: 'unauthorized-401', matches: isChange, times: 3 }] },
  { name: 'Terraform interrupted between two resources', faults: [], signal: 'SIGINT' },
  // Last, because they leave resources outside of the state.
  { name: 'Terraform killed between two resources', faults: [], signal: 'SIGKILL', leavesOrphans: true },
  {
    name: 'the connection closed after every third change',
    faults: [{ kind: 'lost-response', matches: everyThird }],
    leavesOrphans: true,
  },
];

/** Destroys and applies the network stack for each scenario. */
export class FaultTest {
  constructor(
    private readonly rig: CloudRig,
    private readonly environment: Environment,
    private readonly results: Results,
    /** Part of the scenarios' names. */
    private readonly only: string,
  ) {}

  async run(): Promise<void> {
    const stack = `${this.environment.name}-network`;
    for (const scenario of SCENARIOS.filter(({ name }) => name.includes(this.only)))
      await this.step(scenario.name, () => this.recover(scenario, stack));
  }

  private async recover({ faults, signal, leavesOrphans }: Scenario, stack: string): Promise<string> {
    const { cloud, pipeline } = this.rig;
    const plan = new FaultPlan(faults);
    await pipeline.plan([stack]);
    cloud.inject(plan);
    if (signal !== undefined) this.endAfter(CHANGES_BEFORE_SIGNAL, signal);
    const first = await pipeline.tryApply([stack]);
    cloud.inject(new FaultPlan([]));
    cloud.onChange(() => undefined);
    if (signal === undefined && plan.injected === 0) throw new LabError('no fault was injected');
    if (leavesOrphans) return this.assertOrphansOnly(stack);
    let attempts = 1;
    let drifted = await this.drift(stack);
    for (; drifted && attempts < 4; attempts += 1) {
      await pipeline.plan([stack]);
      await pipeline.tryApply([stack]);
      drifted = await this.drift(stack);
    }
    if (drifted) throw new LabError(`not complete after ${attempts} applies`);
    this.assertSameAddresses(stack);
    await pipeline.destroy();
    // Key rings cannot be deleted: the next scenario needs a project without them.
    cloud.world.forget('cloudkms');
    return `${plan.injected} faults; first apply ${first.status === 0 ? 'succeeded' : 'failed'}, ${attempts} applies`;
  }

  /** The only errors of a second apply are resources that exist already: it breaks and duplicates nothing. */
  private async assertOrphansOnly(stack: string): Promise<string> {
    const { cloud, pipeline } = this.rig;
    await pipeline.plan([stack]);
    const { output } = await pipeline.tryApply([stack]);
    const errors = output.split('Error: ').slice(1);
    const other = errors.filter(
      (error) => !/already\s+exists|exists\s+already/.test(error.replace(/│/g, ' ')),
    );
    if (other.length > 0)
      throw new LabError(`the second apply fails differently:\n${other.join('\n').slice(0, 2_000)}`);
    const addresses = errors.map((error) => /with (\S+),/.exec(error)?.[1]);
    cloud.world.forgetAll();
    pipeline.forgetState(stack);
    return `${addresses.length} resources need an import: ${addresses.join(', ')}`;
  }

  private async drift(stack: string): Promise<boolean> {
    return (await this.rig.pipeline.drift([stack])).length > 0;
  }

  private endAfter(changes: number, signal: 'SIGINT' | 'SIGKILL'): void {
    let count = 0;
    this.rig.cloud.onChange(() => {
      count += 1;
      if (count === changes) this.rig.pipeline.signal(signal);
    });
  }

  private assertSameAddresses(stack: string): void {
    const json = JSON.parse(
      readFileSync(join(this.rig.outputFolder, 'stacks', stack, 'cdk.tf.json'), 'utf8'),
    ) as { resource: Record<string, Record<string, unknown>> };
    const expected = Object.values(json.resource).reduce(
      (sum, ofType) => sum + Object.keys(ofType).length,
      0,
    );
    const managed = this.rig.pipeline.managed(stack);
    if (managed !== expected) throw new LabError(`${managed} of ${expected} resources are in the state`);
  }

  private async step(name: string, work: () => Promise<string>): Promise<void> {
    const started = performance.now();
    try {
      const outcome = await this.results.step('faults', name, work, (text) => text);
      log(`${name}: ${outcome}, ${((performance.now() - started) / 1_000).toFixed(1)} s`);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      log(`${name}: FAILED: ${error.message}`);
      throw error;
    }
  }
}
