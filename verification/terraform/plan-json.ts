/** The parts of `terraform show -json` that the lab reads. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** The pipeline saves it beside the plan. */
export function readPlanJson(folder: string, stack: string): PlanJson {
  return JSON.parse(readFileSync(join(folder, `${stack}.json`), 'utf8')) as PlanJson;
}

/** `update kubernetes_manifest.cart_service`, sorted, without unchanged resources. */
export function changesOf({ resource_changes: changes = [] }: PlanJson): string[] {
  return changes
    .filter(({ mode, change }) => mode === 'managed' && change.actions[0] !== 'no-op')
    .map(({ address, change }) => `${change.actions.join(' and ')} ${address}`)
    .sort();
}
