import type { Environment } from '../../../model/environment';
import type { KubernetesJson } from '../synth';

/** What the synth of one random shop gave. */
export interface SynthesizedShop {
  readonly environment: Environment;
  readonly objects: readonly KubernetesJson[];
}

/** Sentences about mistakes that were found; empty for every shop if they cannot be written. */
export type Invariant = (shop: SynthesizedShop) => string[];

export function ofKind({ objects }: SynthesizedShop, kind: string): KubernetesJson[] {
  return objects.filter((object) => object.kind === kind);
}

export function nameOf({ kind, metadata }: KubernetesJson): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Names of the objects of the kind that the condition does not hold for. */
export function except(
  shop: SynthesizedShop,
  kind: string,
  holds: (object: KubernetesJson) => boolean,
): string[] {
  return ofKind(shop, kind)
    .filter((object) => !holds(object))
    .map(nameOf);
}

export function fullHost({ metadata }: KubernetesJson): string {
  return `${metadata.name}.${metadata.namespace ?? ''}.svc.cluster.local`;
}
