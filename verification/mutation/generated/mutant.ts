import { describe, type KubernetesManifest } from '../../kubernetes/kubernetes-object';

/** How a mutant differs from the synthesized objects. */
export const OPERATORS = [
  'removed',
  'loosened',
  'widened',
  'redirected',
  'scaled',
  'added',
  'dropped',
  'duplicated',
] as const;
export type Operator = (typeof OPERATORS)[number];

export type FieldPath = readonly (string | number)[];

/** One generated change of the objects. */
export interface Mutant {
  /** Stable while the object and the field exist. */
  readonly id: string;
  readonly kind: string;
  readonly operator: Operator;
  /** The object that changes, before the change. */
  readonly original: KubernetesManifest;
  /** The object after the change; an additional object if it is duplicated; undefined if it is dropped. */
  readonly changed: KubernetesManifest | undefined;
}

/** The kind, with its group where two groups have one. */
export function kindOf({ apiVersion, kind }: KubernetesManifest): string {
  return kind === 'Gateway' ? `Gateway (${apiVersion.split('/')[0]?.split('.')[1] ?? ''})` : kind;
}

export function applyMutant(
  objects: readonly KubernetesManifest[],
  { original, changed, operator }: Mutant,
): KubernetesManifest[] {
  if (operator === 'duplicated' && changed !== undefined) return [...objects, changed];
  return objects.flatMap((object) =>
    object === original ? (changed === undefined ? [] : [changed]) : [object],
  );
}

/** `spec.rules[0].to` */
export function pathText(path: FieldPath): string {
  return path
    .map((step, index) =>
      typeof step === 'number'
        ? `[${step}]`
        : /^\w+$/.test(step)
          ? `${index > 0 ? '.' : ''}${step}`
          : `['${step}']`,
    )
    .join('');
}

/** @param value undefined removes the field */
export function withValue(object: KubernetesManifest, path: FieldPath, value: unknown): KubernetesManifest {
  return replaceIn(object, path, value) as KubernetesManifest;
}

function replaceIn(node: unknown, [step, ...rest]: FieldPath, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(node)) {
    const items: unknown[] = [...(node as unknown[])];
    const index = step as number;
    const inner = replaceIn(items[index], rest, value);
    if (inner === undefined) items.splice(index, 1);
    else items[index] = inner;
    return items;
  }
  const copy: Record<string, unknown> = { ...(node as Record<string, unknown>) };
  const inner = replaceIn(copy[String(step)], rest, value);
  if (inner === undefined) Reflect.deleteProperty(copy, String(step));
  else copy[String(step)] = inner;
  return copy;
}

/** What the table and the list of survivors say. */
export function mutantId(object: KubernetesManifest, operator: Operator, detail: string): string {
  return `${describe(object)}${detail === '' ? '' : ` ${detail}`} ${operator}`;
}
