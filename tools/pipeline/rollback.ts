/** The apply that follows a rolled-back or paused canary: weights, and nothing else, so nobody need be asked. */
import { isDeepStrictEqual } from 'node:util';

/** What is read of `terraform show -json`. */
export interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly type: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Attributes | null;
      readonly after: Attributes | null;
    };
  }[];
}

interface Attributes {
  readonly manifest?: { readonly kind?: string };
}

/** Addresses of what a plan changes besides the weights of virtual services. */
export function beyondWeights(plan: PlanJson): string[] {
  return (plan.resource_changes ?? [])
    .filter(({ mode, change }) => mode === 'managed' && change.actions[0] !== 'no-op')
    .filter(({ type, change: { actions, before, after } }) => {
      const isUpdate = actions.length === 1 && actions[0] === 'update';
      const isRoute = type === 'kubernetes_manifest' && after?.manifest?.kind === 'VirtualService';
      return !isUpdate || !isRoute || !isDeepStrictEqual(unweighted(before), unweighted(after));
    })
    .map(({ address }) => address);
}

/** What Terraform sends; `object` is what the cluster made of it, and not known before. */
function unweighted(attributes: Attributes | null): unknown {
  const text = JSON.stringify(attributes?.manifest ?? null);
  return JSON.parse(text, (key, value: unknown) => (key === 'weight' ? undefined : value));
}
