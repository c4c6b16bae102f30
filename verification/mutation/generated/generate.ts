/** Every mutation of the objects that the operators can make. */
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { ADDITIONS } from './additions';
import { duplicatesOf } from './duplicates';
import { kindOf, mutantId, pathText, withValue, type Mutant, type Operator, type FieldPath } from './mutant';
import { replacementsOf } from './replacements';
import { Vocabulary } from './vocabulary';

/** Without them an object is another one; dropped and duplicated objects stand for these changes. */
const IDENTITY = new Set(['apiVersion', 'kind', 'metadata', 'metadata.name', 'metadata.namespace']);

export function generateMutants(objects: readonly KubernetesManifest[]): Mutant[] {
  const vocabulary = new Vocabulary(objects);
  const known = new Map<string, Mutant>();
  for (const object of objects)
    for (const mutant of [...fieldMutants(object, vocabulary), ...additions(object), ...wholeObject(object)])
      if (JSON.stringify(mutant.changed) !== JSON.stringify(object)) known.set(mutant.id, mutant);
  return [...known.values()];
}

function make(
  original: KubernetesManifest,
  operator: Operator,
  detail: string,
  changed: KubernetesManifest | undefined,
): Mutant {
  return { id: mutantId(original, operator, detail), kind: kindOf(original), operator, original, changed };
}

function fieldMutants(object: KubernetesManifest, vocabulary: Vocabulary): Mutant[] {
  return fieldsOf(object).flatMap(({ path, value }) =>
    replacementsOf(path, value, vocabulary).map(({ operator, value: other, variant }) =>
      make(
        object,
        operator,
        variant === '' ? pathText(path) : `${pathText(path)} → ${variant}`,
        withValue(object, path, other),
      ),
    ),
  );
}

function fieldsOf(object: KubernetesManifest): { readonly path: FieldPath; readonly value: unknown }[] {
  const found: { readonly path: FieldPath; readonly value: unknown }[] = [];
  const visit = (value: unknown, path: FieldPath): void => {
    if (path.length > 0 && !IDENTITY.has(pathText(path))) found.push({ path, value });
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index]));
    else if (typeof value === 'object' && value !== null)
      Object.entries(value).forEach(([key, inner]) => visit(inner, [...path, key]));
  };
  visit(object, []);
  return found;
}

function additions(object: KubernetesManifest): Mutant[] {
  return (ADDITIONS[kindOf(object)] ?? []).flatMap(({ path, value }) => {
    const parent = path.slice(0, -1).reduce<unknown>((node, step) => at(node, step), object);
    if (typeof parent !== 'object' || parent === null || at(parent, path.at(-1) ?? '') !== undefined)
      return [];
    return [
      make(
        object,
        'added',
        `${pathText(path)} = ${JSON.stringify(value).slice(0, 60)}`,
        withValue(object, path, value),
      ),
    ];
  });
}

function at(node: unknown, step: string | number): unknown {
  return typeof node === 'object' && node !== null
    ? (node as Record<string | number, unknown>)[step]
    : undefined;
}

function wholeObject(object: KubernetesManifest): Mutant[] {
  return [
    make(object, 'dropped', '', undefined),
    ...duplicatesOf(object).map((copy) => make(object, 'duplicated', `as ${copy.metadata.name}`, copy)),
  ];
}
