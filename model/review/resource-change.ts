import { at, isObject, textAt, type JsonObject } from './json';

/** `replace` is destroy and create, in either order. */
export type Action = 'create' | 'update' | 'replace' | 'delete' | 'forget' | 'none';

/** One resource of a plan, with sensitive values masked. */
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
  /** `undefined` if it is destroyed. Values known only after the apply are {@link UNKNOWN}. */
  readonly after: JsonObject | undefined;
  /** Paths that cannot be changed in place, such as `manifest.metadata.name`. */
  readonly replacedBecauseOf: readonly string[];
}

/** A move changes the state, not what runs; it counts as a change. */
export function isChanged({ action, previousAddress }: ResourceChange): boolean {
  return action !== 'none' || previousAddress !== undefined;
}

/** Placeholder of a sensitive value. */
export const SENSITIVE = '(sensitive)';
/** Placeholder of a sensitive value that differs from the previous one. */
export const SENSITIVE_CHANGED = '(sensitive, changed)';
/** Placeholder of a value that Google or the cluster sets. */
export const UNKNOWN = '(known after apply)';

/** A resource before or after the change. */
export interface ResourceState {
  readonly address: string;
  readonly type: string;
  readonly values: JsonObject;
}

export interface ParsedManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly labels: JsonObject;
  readonly spec: unknown;
  /** The whole object, for kinds without `spec`, such as roles. */
  readonly json: JsonObject;
}

/** The object that a `kubernetes_manifest` sends to the API server; `undefined` for other resources. */
export function parseManifest({ type, values }: ResourceState): ParsedManifest | undefined {
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

export function resourceBefore({
  address,
  previousAddress,
  type,
  before,
}: ResourceChange): ResourceState | undefined {
  return before && { address: previousAddress ?? address, type, values: before };
}

export function resourceAfter({ address, type, after }: ResourceChange): ResourceState | undefined {
  return after && { address, type, values: after };
}
