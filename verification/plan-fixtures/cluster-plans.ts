/** Plans of the mesh-policies stack against a real Kubernetes API server. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderWeightCap } from '../../model/canary/weight-cap';
import { editByHand } from '../terraform/hand-edits';
import { startTerraformRig, type TerraformRig } from '../terraform/rig';
import {
  CALM,
  ENDED,
  HELD_DOWN,
  LOOSENED,
  RENAMED,
  RENAMED_ANEW,
  RENAMED_EVERYWHERE,
  TOKEN_REQUIRED,
  TOKEN_DROPPED,
  WEAKENED,
} from './scenarios';
import { synthesize, type Variant } from './variant';

const STACK = 'test-mesh-policies';

export type Keep = (scenario: string, stack: string, plan: unknown) => void;

/** @param outputFolder of the synthesized shop, unchanged */
export async function planCluster(
  outputFolder: string,
  keep: Keep,
  log: (line: string) => void,
): Promise<void> {
  const rig = await startTerraformRig({ environment: 'test', outputFolder, log });
  try {
    log('applying the shop');
    await rig.apply(await rig.plan(STACK));
    for (const [scenario, variant] of [
      ['calm', CALM],
      ['renamed', RENAMED],
      ['renamed-anew', RENAMED_ANEW],
      ['renamed-everywhere', RENAMED_EVERYWHERE],
      ['ended', ENDED],
    ] as const) {
      keep(scenario, STACK, rig.show(await planVariant(rig, variant)));
    }
    await thereAndBack(rig, keep, WEAKENED, ['weakened', 'strengthened']);
    await thereAndBack(rig, keep, LOOSENED, ['loosened', 'tightened']);
    await dropTokenAndBack(rig, keep);
    await rig.objects.apply({ ...renderWeightCap(HELD_DOWN) });
    keep('weight-cap', STACK, rig.show(await planVariant(rig, {})));
    await editByHand(rig, STACK);
    keep('drift', STACK, rig.show(await planVariant(rig, {}, { refresh: true })));
  } finally {
    await rig.stop();
  }
}

async function thereAndBack(
  rig: TerraformRig,
  keep: Keep,
  variant: Variant,
  [there, andBack]: readonly [there: string, andBack: string],
): Promise<void> {
  const changed = await planVariant(rig, variant);
  keep(there, STACK, rig.show(changed));
  await rig.apply(changed);
  const back = await planVariant(rig, {});
  keep(andBack, STACK, rig.show(back));
  await rig.apply(back);
}

async function dropTokenAndBack(rig: TerraformRig, keep: Keep): Promise<void> {
  await rig.apply(await planVariant(rig, TOKEN_REQUIRED));
  const dropped = await planVariant(rig, TOKEN_DROPPED);
  keep('token-dropped', STACK, rig.show(dropped));
  await rig.apply(dropped);
  const back = await planVariant(rig, TOKEN_REQUIRED);
  keep('token-asked-for', STACK, rig.show(back));
  await rig.apply(back);
  await rig.apply(await planVariant(rig, {}));
}

/** Without a refresh, which only drift needs. */
async function planVariant(rig: TerraformRig, variant: Variant, options = { refresh: false }) {
  writeFileSync(join(rig.stack(STACK).folder, 'cdk.tf.json'), synthesize(variant, STACK));
  return rig.plan(STACK, options);
}
