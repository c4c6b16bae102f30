import type { Environment } from '../../../model/environment';
import type { KubernetesJson } from '../synth';

/** A random catalogue and its synthesized objects. */
export interface SynthesizedShop {
  readonly environment: Environment;
  readonly objects: readonly KubernetesJson[];
}

/** Returns the mistakes in a catalogue's objects. Empty for every valid catalogue if the mistake is impossible. */
export type Invariant = (shop: SynthesizedShop) => string[];

export function ofKind({ objects }: SynthesizedShop, kind: string): KubernetesJson[] {
  return objects.filter((object) => object.kind === kind);
}

export function nameOf({ kind, metadata }: KubernetesJson): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Names of the objects of the kind that do not satisfy the condition. */
export function except(
  shop: SynthesizedShop,
  kind: string,
  condition: (object: KubernetesJson) => boolean,
): string[] {
  return ofKind(shop, kind)
    .filter((object) => !condition(object))
    .map(nameOf);
}

export function fullHost({ metadata }: KubernetesJson): string {
  return `${metadata.name}.${metadata.namespace ?? ''}.svc.cluster.local`;
}
