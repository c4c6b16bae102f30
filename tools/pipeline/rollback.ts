/** The apply after a canary was rolled back or paused. It only lowers canary weights, so it needs no approval. */
import { isDeepStrictEqual } from 'node:util';
import { routedCanaries } from '../../model/canary/split';

/** The part of `terraform show -json` that is read here. */
export interface RollbackPlan {
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
  readonly manifest?: Manifest;
}

interface Manifest {
  readonly kind?: string;
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly http?: readonly {
      readonly route?: readonly {
        readonly destination?: { readonly host?: string };
        readonly weight?: number;
      }[];
    }[];
  };
}

/** Addresses of every change other than a lower canary weight. */
export function changesBeyondLowering(plan: RollbackPlan): string[] {
  return (plan.resource_changes ?? [])
    .filter(({ mode, change }) => mode === 'managed' && change.actions[0] !== 'no-op')
    .filter(({ type, change: { actions, before, after } }) => {
      const isUpdate = actions.length === 1 && actions[0] === 'update';
      const isRoute = type === 'kubernetes_manifest' && after?.manifest?.kind === 'VirtualService';
      return (
        !isUpdate ||
        !isRoute ||
        !isDeepStrictEqual(unweighted(before), unweighted(after)) ||
        raisesCanary(before?.manifest, after.manifest)
      );
    })
    .map(({ address }) => address);
}

/** The configuration without weights. `object` is the API server's copy, unknown before the apply. */
function unweighted(attributes: Attributes | null): unknown {
  const { object: _, ...rest } = (attributes ?? {}) as Readonly<Record<string, unknown>>;
  return JSON.parse(JSON.stringify(rest), (key, value: unknown) => (key === 'weight' ? undefined : value));
}

/** A rollback must not apply a merged but unapproved weight. A route without a canary has no weight to lower. */
function raisesCanary(before: Manifest | undefined, after: Manifest): boolean {
  const canaries = routedCanaries(after.metadata ?? {});
  return (
    canaries.length === 0 ||
    canaries.some(({ host }) => {
      const [old, planned] = [before, after].map((manifest) => weightsOf(manifest, host)) as [
        number[],
        number[],
      ];
      return planned.length === 0 || planned.some((weight, index) => weight > (old[index] ?? 0));
    })
  );
}

function weightsOf(manifest: Manifest | undefined, host: string): number[] {
  return (manifest?.spec?.http ?? [])
    .flatMap(({ route = [] }) => route)
    .filter(({ destination }) => destination?.host === host)
    .map(({ weight = 100 }) => weight);
}
