/** Plans of the mesh-policies stack against a real Kubernetes API server. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderWeightCap } from '../../model/canary/weight-cap';
import { editByHand } from '../terraform/hand-edits';
import { startTerraformRig, type TerraformRig } from '../terraform/rig';
import {
  ROUTINE_CHANGES,
  GATEWAY_REMOVED,
  CHECKOUT_WEIGHT_CAP,
  LOOSENED,
  FOREIGN_IMAGE,
  RENAMED,
  RENAMED_WITHOUT_MOVE,
  RENAMED_OBJECTS,
  TOKEN_REQUIRED,
  TOKEN_REMOVED,
  WEAKENED,
} from './scenarios';
import { synthesizeCatalogueVariant, type Variant } from './variant';

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
      ['routine-changes', ROUTINE_CHANGES],
      ['renamed', RENAMED],
      ['renamed-without-move', RENAMED_WITHOUT_MOVE],
      ['renamed-objects', RENAMED_OBJECTS],
      ['gateway-removed', GATEWAY_REMOVED],
      ['foreign-image', FOREIGN_IMAGE],
    ] as const) {
      keep(scenario, STACK, rig.show(await planVariant(rig, variant)));
    }
    await thereAndBack(rig, keep, WEAKENED, ['weakened', 'strengthened']);
    await thereAndBack(rig, keep, LOOSENED, ['loosened', 'tightened']);
    await removeTokenAndBack(rig, keep);
    await rig.objects.apply({ ...renderWeightCap(CHECKOUT_WEIGHT_CAP) });
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

async function removeTokenAndBack(rig: TerraformRig, keep: Keep): Promise<void> {
  const added = await planVariant(rig, TOKEN_REQUIRED);
  keep('route-added', STACK, rig.show(added));
  await rig.apply(added);
  const removed = await planVariant(rig, TOKEN_REMOVED);
  keep('token-removed', STACK, rig.show(removed));
  await rig.apply(removed);
  const back = await planVariant(rig, TOKEN_REQUIRED);
  keep('token-required', STACK, rig.show(back));
  await rig.apply(back);
  await rig.apply(await planVariant(rig, {}));
}

/** Without a refresh, which only drift needs. */
async function planVariant(rig: TerraformRig, variant: Variant, options = { refresh: false }) {
  writeFileSync(join(rig.stack(STACK).folder, 'cdk.tf.json'), synthesizeCatalogueVariant(variant, STACK));
  return rig.plan(STACK, options);
}
