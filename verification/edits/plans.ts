/**
 * The edits of a year as the real providers plan and apply them: the mesh-policies stack of one environment, in order,
 * on a real API server. Each plan must be reviewed in the words of `mesh diff`.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import type { Review } from '../../model/review/review';
import { stackId } from '../../model/naming';
import { reviewComparison } from '../../tools/commands/diff';
import { reviewPlans } from '../../tools/commands/review';
import { LabError } from '../support/errors';
import { messageOf, type Results } from '../support/results';
import { isInterrupted, log, orTearDown, scratchFolder, Teardown } from '../support/teardown';
import { prepareStates } from '../terraform/prepared-state';
import { startTerraformRig, type SavedPlan, type TerraformRig } from '../terraform/rig';
import type { Year } from './edit';
import { foldersIn, makeEdits, yearsNamed } from './main';
import { listDifferences } from './comparison';
import type { ShopState } from './pull-request';
import type { EditOutcome } from './year-run';

export interface PlansOptions {
  /** @default the production of the shop */
  readonly env?: string;
  /** Keeps what was synthesized, and which edits passed. @default a temporary folder */
  readonly work?: string;
  /** Skips the edits that passed in an earlier run with the same `work`. */
  readonly resume?: boolean;
}

/** An edit that changes the stack. */
interface PlannedEdit {
  readonly outcome: EditOutcome;
  readonly after: Required<ShopState>;
  /** Of both sides of the stack and of the expected words. */
  readonly key: string;
}

export async function planEdits(
  shop: string | undefined,
  { env, work, resume = false }: PlansOptions,
  results: Results,
): Promise<void> {
  if (resume && work === undefined)
    throw new LabError('--resume needs --work, the folder of the earlier run');
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'edits-');
    for (const year of yearsNamed(shop)) {
      const outcomes = await makeEdits(year, foldersIn(folder, work), results);
      const environment = env ?? productionOf(outcomes);
      const passed = new PassedEdits(
        join(work ?? folder, `plans-${year.fixture}-${environment}.json`),
        resume,
      );
      await planYear(year, environment, outcomes, passed, results);
    }
  });
  await teardown.run();
}

/** An edit that fails ends the year: the next ones would start from another state. */
async function planYear(
  { shop }: Year,
  environment: string,
  outcomes: readonly EditOutcome[],
  passed: PassedEdits,
  results: Results,
): Promise<void> {
  const stack = stackId(environment, 'mesh-policies');
  const planned = outcomes.flatMap((outcome) => plannedEdit(outcome, stack) ?? []);
  const first = planned.findIndex(({ key }) => !passed.has(key));
  const [next] = first < 0 ? [] : planned.slice(first);
  log(
    `${shop}, ${environment}: ${planned.length} edits change ${stack}, ${first < 0 ? 0 : planned.length - first} left`,
  );
  if (next === undefined) return;
  const rig = await startTerraformRig({ environment, outputFolder: next.outcome.before.output, log });
  try {
    const suite = `${shop}, ${environment}, plans`;
    await results.step(suite, 'apply before the first edit', async () => rig.apply(await rig.plan(stack)));
    for (const edit of planned.slice(first)) {
      if (isInterrupted()) break;
      const { number, edit: made, verdict } = edit.outcome;
      const name = `${number}. ${made.name}`;
      const started = performance.now();
      await results.step(suite, name, () => planEdit(rig, stack, edit));
      passed.add(edit.key);
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      process.stdout.write(
        `passed  ${suite}: ${name}: planned${verdict === 'not merged' ? '' : ' and applied'} in ${seconds} s\n`,
      );
    }
  } catch (error) {
    log(`FAILED  ${shop}, ${environment}: ${messageOf(error)}`);
  } finally {
    await rig.stop();
  }
}

async function planEdit(rig: TerraformRig, stack: string, { outcome, after }: PlannedEdit): Promise<void> {
  const plan = await planOf(rig, stack, after);
  const [review] = await reviewPlans([join(plan.folder, `${stack}.json`)]);
  const differences = wordDifferences(expectedReview(outcome.before, after, stack), review);
  if (differences.length > 0) throw new LabError(differences.join('\n'));
  if (outcome.verdict !== 'not merged') await rig.apply(plan);
}

/** Without a refresh: nothing else changes the cluster. */
async function planOf(rig: TerraformRig, stack: string, { output }: ShopState): Promise<SavedPlan> {
  const { folder } = rig.stack(stack);
  copyFileSync(join(output ?? '', 'stacks', stack, 'cdk.tf.json'), join(folder, 'cdk.tf.json'));
  prepareStates(folder, (name) => `prepared/${name}`);
  return rig.plan(stack, { refresh: false });
}

/** The review of `mesh diff` of this stack alone. */
function expectedReview(
  before: Required<ShopState>,
  after: Required<ShopState>,
  stack: string,
): Review | undefined {
  const only = ({ stacks }: Required<ShopState>) => new Map([...stacks].filter(([id]) => id === stack));
  return reviewComparison({ before: only(before), after: only(after) }, undefined)[0];
}

function wordDifferences(expected: Review | undefined, seen: Review | undefined): string[] {
  const headlinesOf = (review?: Review) =>
    (review?.headlines ?? []).map(({ subject, text }) => `${subject}: ${text}`);
  const flagsOf = (review?: Review) => (review?.flags ?? []).map(({ id }) => id);
  return [
    ...listDifferences('plan', 'headline', headlinesOf(expected), headlinesOf(seen)),
    ...listDifferences('plan', 'flag', flagsOf(expected), flagsOf(seen)),
  ];
}

function plannedEdit(outcome: EditOutcome, stack: string): PlannedEdit | undefined {
  const { before, after } = outcome;
  if (after?.output === undefined || after.stacks === undefined) return undefined;
  const [was, is] = [before.stacks.get(stack), after.stacks.get(stack)];
  if (was === undefined || is === undefined || isDeepStrictEqual(was, is)) return undefined;
  const key = createHash('sha256')
    .update(JSON.stringify([was, is, outcome.edit.reviews ?? {}]))
    .digest('hex');
  return { outcome, after: after as Required<ShopState>, key };
}

function productionOf([first]: readonly EditOutcome[]): string {
  const found = first?.before.catalogue.environments.find(({ production }) => production);
  if (found === undefined) throw new LabError('the shop has no production; set --env');
  return found.name;
}

/** Edits that passed, in a file that later runs read. */
class PassedEdits {
  private readonly keys: Set<string>;

  constructor(
    private readonly file: string,
    resume: boolean,
  ) {
    this.keys = new Set(
      resume && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [],
    );
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  add(key: string): void {
    this.keys.add(key);
    mkdirSync(join(this.file, '..'), { recursive: true });
    writeFileSync(this.file, JSON.stringify([...this.keys]));
  }
}
