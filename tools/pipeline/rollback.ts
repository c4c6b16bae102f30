/** The apply that follows a rolled-back or paused canary: it takes weight from canaries, so nobody need be asked. */
import { isDeepStrictEqual } from 'node:util';
import { SPLIT_ANNOTATIONS } from '../../model/canary/split';

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

/** Addresses of what a plan changes besides giving canaries less of the traffic. */
export function beyondLowering(plan: PlanJson): string[] {
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

/** What Terraform is told; `object` is what the cluster made of it, and not known before. */
function unweighted(attributes: Attributes | null): unknown {
  const { object: _, ...rest } = (attributes ?? {}) as Readonly<Record<string, unknown>>;
  return JSON.parse(JSON.stringify(rest), (key, value: unknown) => (key === 'weight' ? undefined : value));
}

/** A weight that was merged and not yet approved is no part of a rollback. A route that names no canary has none to lower. */
function raisesCanary(before: Manifest | undefined, after: Manifest): boolean {
  const host = after.metadata?.annotations?.[SPLIT_ANNOTATIONS.host];
  const [old, wanted] = [before, after].map((manifest) => weightsOf(manifest, host)) as [number[], number[]];
  return wanted.length === 0 || wanted.some((weight, index) => weight > (old[index] ?? 0));
}

function weightsOf(manifest: Manifest | undefined, host: string | undefined): number[] {
  return (manifest?.spec?.http ?? [])
    .flatMap(({ route = [] }) => route)
    .filter(({ destination }) => host !== undefined && destination?.host === host)
    .map(({ weight = 100 }) => weight);
}
