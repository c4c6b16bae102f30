/** Faults on purpose during the apply of one stack; the next apply must end in the same state. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../model/environment';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log } from '../../support/teardown';
import { NO_DELAYS, type Switches } from '../engine/switches';
import { FaultPlan, type Fault } from '../server/faults';
import { Recovery } from './recovery';
import type { CloudRig } from './rig';

interface Scenario {
  readonly name: string;
  readonly faults: readonly Fault[];
  /** What takes time at Google. @default nothing */
  readonly delays?: Partial<Switches>;
  /** Ends Terraform after some changes. @default never */
  readonly signal?: 'SIGINT' | 'SIGKILL';
  /** Somebody has to follow docs/runbooks/interrupted-apply.md. @default false: another apply completes it */
  readonly needsRunbook?: boolean;
  /** Kind of the stack; those below it are applied before. @default network */
  readonly stack?: string;
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
  ...['cluster-and-asm', 'data', 'observability'].map((stack) => ({
    name: `roles, accounts and metrics take effect after a while, in ${stack}`,
    faults: [],
    delays: { grantDelayMs: 20_000, accountDelayMs: 20_000, logMetricDelayMs: 60_000 },
    stack,
  })),
  { name: 'Terraform interrupted between two resources', faults: [], signal: 'SIGINT' },
  { name: 'Terraform killed between two resources', faults: [], signal: 'SIGKILL', needsRunbook: true },
  {
    name: 'the connection closed after every third change',
    faults: [{ kind: 'lost-response', matches: everyThird }],
    needsRunbook: true,
  },
  {
    name: 'the connection closed while alerts were created',
    faults: [
      {
        kind: 'lost-response',
        matches: (verb, host) => host === 'monitoring.googleapis.com' && everyThird(verb),
      },
    ],
    needsRunbook: true,
    stack: 'observability',
  },
];

/** Each scenario starts with an empty project, whose state is in a bucket, as in the pipelines. */
export class FaultTest {
  constructor(
    private readonly rig: CloudRig,
    private readonly environment: Environment,
    private readonly results: Results,
    /** Part of the scenarios' names. */
    private readonly only: string,
  ) {}

  async run(): Promise<void> {
    const scenarios = SCENARIOS.filter(({ name }) => name.includes(this.only));
    if (scenarios.length === 0) throw new LabError(`no scenario is called '${this.only}'`);
    for (const scenario of scenarios) await this.step(scenario.name, () => this.recover(scenario));
  }

  private async recover({
    faults,
    delays = {},
    signal,
    needsRunbook,
    stack: kind = 'network',
  }: Scenario): Promise<string> {
    const { cloud, pipeline } = this.rig;
    const stack = `${this.environment.name}-${kind}`;
    await this.applyBelow(stack);
    const plan = new FaultPlan(faults);
    await pipeline.plan([stack]);
    cloud.inject(plan);
    Object.assign(cloud.world.switches, delays);
    if (signal !== undefined) this.endAfter(CHANGES_BEFORE_SIGNAL, signal);
    const first = await pipeline.tryApply([stack]);
    cloud.inject(new FaultPlan([]));
    cloud.onChange(() => undefined);
    if (faults.length > 0 && plan.injected === 0) throw new LabError('no fault was injected');
    const outcome = needsRunbook
      ? await new Recovery(this.rig, this.environment, stack).run()
      : `${await this.applyAgain(stack)} applies`;
    Object.assign(cloud.world.switches, NO_DELAYS);
    this.assertSameAddresses(stack);
    return `${plan.injected} faults; first apply ${first.status === 0 ? 'succeeded' : 'failed'}; ${outcome}`;
  }

  /** In an empty project. */
  private async applyBelow(stack: string): Promise<void> {
    const { cloud, pipeline } = this.rig;
    for (const id of pipeline.waves.flat()) pipeline.forgetState(id);
    cloud.world.forgetAll();
    for (const id of pipeline.waves.flat()) {
      if (id === stack) return;
      // Neither needs the other.
      if (/-(data|observability)$/.test(id)) continue;
      await pipeline.plan([id]);
      await pipeline.apply([id]);
    }
  }

  private async applyAgain(stack: string): Promise<number> {
    const { pipeline } = this.rig;
    let attempts = 1;
    let drifted = await this.drift(stack);
    for (; drifted && attempts < 4; attempts += 1) {
      await pipeline.plan([stack]);
      await pipeline.tryApply([stack]);
      drifted = await this.drift(stack);
    }
    if (drifted) throw new LabError(`not complete after ${attempts} applies`);
    return attempts;
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
    const managed = this.rig.pipeline.stateOf(stack).managed().size;
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
