import { at, isObject, textAt, type JsonObject } from './json';

/** What happens to a resource. `replace` is destroy and create, in either order. */
export type Action = 'create' | 'update' | 'replace' | 'delete' | 'forget' | 'none';

/** One resource of a plan, its sensitive values already taken out. */
export interface ResourceChange {
  /** `prod-mesh-policies`. */
  readonly stack: string;
  readonly address: string;
  /** Address before a `moved` block. */
  readonly previousAddress?: string;
  readonly type: string;
  readonly action: Action;
  /** `undefined` if it is created. */
  readonly before: JsonObject | undefined;
  /** `undefined` if it goes. Values that only the apply knows are {@link UNKNOWN}. */
  readonly after: JsonObject | undefined;
  /** Paths that cannot be changed in place, such as `manifest.metadata.name`. */
  readonly replacedBecauseOf: readonly string[];
}

/** A move alone is a change, too: of the state, not of what runs. */
export function isChanged({ action, previousAddress }: ResourceChange): boolean {
  return action !== 'none' || previousAddress !== undefined;
}

/** Stands for a value that nobody may read. */
export const SENSITIVE = '(sensitive)';
/** The same, where it differs from what it was. */
export const SENSITIVE_CHANGED = '(sensitive, changed)';
/** Stands for a value that Google or the cluster decides. */
export const UNKNOWN = '(known after apply)';

/** A resource as it was or will be. */
export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly values: JsonObject;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Empty for objects of the cluster. */
  readonly namespace: string;
  readonly labels: JsonObject;
  readonly spec: unknown;
  /** For kinds without `spec`, such as roles. */
  readonly json: JsonObject;
}

/** The object of a `kubernetes_manifest`, as it is sent to the API server; nothing for other resources. */
export function kubernetesObject({ type, values }: Resource): KubernetesObject | undefined {
  const json = values['manifest'];
  if (type !== 'kubernetes_manifest' || !isObject(json)) return undefined;
  const labels = at(json, 'metadata', 'labels');
  return {
    apiVersion: textAt(json, 'apiVersion') ?? '',
    kind: textAt(json, 'kind') ?? '',
    name: textAt(json, 'metadata', 'name') ?? '',
    namespace: textAt(json, 'metadata', 'namespace') ?? '',
    labels: isObject(labels) ? labels : {},
    spec: json['spec'],
    json,
  };
}

export function resourceBefore({ address, previousAddress, type, before }: ResourceChange) {
  return before && { address: previousAddress ?? address, type, values: before };
}

export function resourceAfter({ address, type, after }: ResourceChange): Resource | undefined {
  return after && { address, type, values: after };
}
