/** A stack's way through the pipeline: applied, unchanged, edited by hand, taken back, and destroyed. */
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { LabError } from '../lab-error';
import { destroyStack } from './destruction';
import { editByHand } from './hand-edits';
import { changesOf } from './plan-json';
import { readStack, resourceCount } from './read-stack';
import { startTerraformRig, type TerraformRig } from './rig';

export interface Figure {
  readonly step: string;
  readonly seconds: number;
  readonly result: string;
}

/**
 * @param tell hears of each step as it ends
 * @throws LabError at the first step that does not end as it must
 */
export async function proveEnvironment(
  environment: string,
  outputFolder: string,
  tell: (message: string) => void,
): Promise<readonly Figure[]> {
  const rig = await startTerraformRig({ environment, outputFolder, tell });
  try {
    return await prove(rig, environment, tell);
  } finally {
    await rig.stop();
  }
}

async function prove(
  rig: TerraformRig,
  environment: string,
  tell: (message: string) => void,
): Promise<readonly Figure[]> {
  const stack = `${environment}-mesh-policies`;
  const figures: Figure[] = [];
  const timed = async <T>(step: string, work: () => Promise<T>, result: (value: T) => string): Promise<T> => {
    const started = Date.now();
    const value = await work();
    const figure = { step, seconds: (Date.now() - started) / 1_000, result: result(value) };
    figures.push(figure);
    tell(`${environment}: ${step}: ${figure.result}, ${figure.seconds.toFixed(1)} s`);
    return value;
  };
  const plan = (step: string) =>
    timed(
      step,
      () => rig.plan(stack),
      (saved) => `${changesOf(rig.show(saved)).length} changes`,
    );
  const demand = (holds: boolean, otherwise: string) => {
    if (!holds) throw new LabError(`${stack}: ${otherwise}`);
  };

  const count = resourceCount(readStack(rig.stack(stack).folder));

  const first = await plan('first plan');
  demand(
    changesOf(rig.show(first)).length === count,
    `the first plan does not create all ${count} resources`,
  );
  await timed(
    'apply',
    () => rig.apply(first),
    () => `${count} resources`,
  );
  const second = await plan('second plan');
  demand(
    second.outcome === 'no changes',
    `the second plan is not empty: ${changesOf(rig.show(second)).join(', ')}`,
  );

  const edits = await editByHand(rig, stack);
  const edited = edits.map(({ address }) => `update ${address}`).sort();
  const drift = await plan('plan after three edits by hand');
  const found = changesOf(rig.show(drift));
  demand(found.join() === edited.join(), `drift is not what was edited: ${found.join(', ')}`);
  const rival = await plan('the same plan for a second person');

  await timed(
    'apply takes the edits back',
    () => rig.apply(drift),
    () => `${edits.length} changes`,
  );
  for (const { address, stands } of edits) demand(!(await stands()), `${address} still is as edited by hand`);
  await timed(
    'apply of the second person’s plan',
    () =>
      rig.apply(rival).then(
        () => 'applied',
        (error: unknown) =>
          String(error).includes('Saved plan is stale') ? 'refused as stale' : String(error),
      ),
    (outcome) => outcome,
  );
  demand(
    figures.at(-1)?.result === 'refused as stale',
    `a stale plan was not refused: ${figures.at(-1)?.result}`,
  );
  const last = await plan('last plan');
  demand(
    last.outcome === 'no changes',
    `the last plan is not empty: ${changesOf(rig.show(last)).join(', ')}`,
  );
  const named = environmentNamed(catalogue(), environment);
  // Production takes the same steps; once is enough to see them, and they are slow.
  if (!named.production)
    await timed(
      'destroy',
      () => destroyStack(rig, named, stack),
      () => `${count} resources`,
    );
  return figures;
}
