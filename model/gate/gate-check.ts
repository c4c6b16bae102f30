/** The synth gate: checks of the synthesized JSON, whichever construct or escape hatch produced it. */
import type { RuleFacts } from '../rules/rule';

export type JsonValue = unknown;

export interface SynthesizedResource {
  readonly type: string;
  readonly name: string;
  readonly body: JsonValue;
}

/** A synthesized stack before it is written. */
export interface GatedStack {
  readonly id: string;
  /** Whether it belongs to an environment with `production: true`. */
  readonly production: boolean;
  readonly json: JsonValue;
  /** Every resource of the JSON. */
  readonly resources: readonly SynthesizedResource[];
  /** Every Kubernetes object of the JSON. */
  readonly manifests: readonly Manifest[];
  /** Every string of the JSON. */
  readonly texts: readonly Text[];
}

export interface Text {
  /** Dotted, from the top of the stack. */
  readonly path: string;
  readonly text: string;
}

/** A place in the JSON that fails a check. */
export interface GateViolation {
  /** `type.name` of the resource, or the section of the stack. */
  readonly address: string;
  /** What is wrong, without the fix. */
  readonly message: string;
}

export interface GateCheck extends RuleFacts {
  /** @param environment all stacks of the environment, for checks that compare stacks */
  check(stack: GatedStack, environment: readonly GatedStack[]): readonly GateViolation[];
}

export function addressOf({ type, name }: Pick<SynthesizedResource, 'type' | 'name'>): string {
  return `${type}.${name}`;
}

/** The Kubernetes object of a `kubernetes_manifest`. */
export interface Manifest {
  readonly address: string;
  readonly kind: string;
  readonly body: JsonValue;
}

export function kubernetesManifests(resources: readonly SynthesizedResource[]): Manifest[] {
  return resources
    .filter(({ type }) => type === 'kubernetes_manifest')
    .map((resource) => {
      const [body] = valuesAt(resource.body, 'manifest');
      return { address: addressOf(resource), kind: String(valuesAt(body, 'kind')[0]), body };
    });
}

/**
 * Every value at the dotted path. Terraform blocks are objects or lists of objects, so every item of a list is
 * followed.
 */
export function valuesAt(value: JsonValue, path: string): JsonValue[] {
  return path
    .split('.')
    .reduce<JsonValue[]>(
      (found, step) =>
        found.flatMap((item) => (isMap(item) && item[step] !== undefined ? listed(item[step]) : [])),
      listed(value),
    );
}

/** Every string in the value, with its path. The key `//` holds cdktf metadata. */
export function textsIn(value: JsonValue, path = '', found: Text[] = []): Text[] {
  if (typeof value === 'string') found.push({ path, text: value });
  else if (Array.isArray(value)) value.forEach((item, index) => textsIn(item, `${path}[${index}]`, found));
  else if (isMap(value)) {
    for (const [key, inner] of Object.entries(value))
      if (key !== '//') textsIn(inner, path === '' ? key : `${path}.${key}`, found);
  }
  return found;
}

export function isMap(value: JsonValue): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listed(value: JsonValue): JsonValue[] {
  return Array.isArray(value) ? value.flatMap(listed) : [value];
}
