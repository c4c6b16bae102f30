/** What the lab reads of `terraform show -json`. */
import type { SavedPlan, TerraformRig } from './rig';

interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** `update kubernetes_manifest.cart_service`, sorted; what stays as it is is left out. */
export function changesIn(rig: TerraformRig, plan: SavedPlan): string[] {
  const { resource_changes: changes = [] } = rig.show(plan) as PlanJson;
  return changes
    .filter(({ mode, change }) => mode === 'managed' && change.actions[0] !== 'no-op')
    .map(({ address, change }) => `${change.actions.join(' and ')} ${address}`)
    .sort();
}
