/** Masks sensitive values of a plan before anything else reads it. */
import { isObject } from '../../model/review/json';
import { SENSITIVE, SENSITIVE_CHANGED, UNKNOWN } from '../../model/review/resource-change';

/** Marks of a plan: `true` for a sensitive or unknown value, or a tree with `true` at some leaves. */
export type Marks = unknown;

export interface Sides {
  readonly before: unknown;
  readonly after: unknown;
  readonly beforeSensitive: Marks;
  readonly afterSensitive: Marks;
  readonly afterUnknown: Marks;
}

export interface MaskedSides {
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Replaces sensitive and unknown values on both sides. A secret is replaced wherever it occurs: providers copy arguments
 * into results without marking them.
 *
 * @example terraform_data marks its sensitive `input`, and not the `output` that repeats it
 */
export function masked(sides: Sides): MaskedSides {
  const secrets = new Set([
    ...secretsIn(sides.before, sides.beforeSensitive),
    ...secretsIn(sides.before, sides.afterSensitive),
    ...secretsIn(sides.after, sides.beforeSensitive),
    ...secretsIn(sides.after, sides.afterSensitive),
  ]);
  const { before, after } = maskedByMarks(sides);
  return secrets.size === 0
    ? { before, after }
    : { before: withoutSecrets(before, secrets), after: withoutSecrets(after, secrets) };
}

/** Shorter texts occur in unrelated words. */
const SHORTEST_SECRET = 4;

function secretsIn(value: unknown, marks: Marks): string[] {
  if (marks === true) return leavesOf(value);
  if (!hasMarks(marks)) return [];
  return keysOf(marks).flatMap((key) => secretsIn(child(value, key), child(marks, key)));
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length < SHORTEST_SECRET ? [] : [value];
  return keysOf(value).flatMap((key) => leavesOf(child(value, key)));
}

function withoutSecrets(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (typeof value === 'string')
    return [...secrets].reduce((text, secret) => text.replaceAll(secret, SENSITIVE), value);
  if (Array.isArray(value)) return value.map((entry) => withoutSecrets(entry, secrets));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner, secrets)]),
  );
}

/** A value that is sensitive on one side is masked on both: a secret stays secret after its mark is removed. */
function maskedByMarks({ before, after, ...marks }: Sides): MaskedSides {
  const { beforeSensitive, afterSensitive, afterUnknown } = marks;
  if (beforeSensitive === true || afterSensitive === true) return maskedLeaf(before, after, afterUnknown);
  if (afterUnknown === true) return { before, after: UNKNOWN };
  // Most of a large plan has no marks; walking through it would take longer than parsing it.
  if (![beforeSensitive, afterSensitive, afterUnknown].some(hasMarks)) return { before, after };
  const isList = Array.isArray(before) || Array.isArray(after);

  const inner = keysOf(before, after, afterUnknown).map((key) => {
    const sides = maskedByMarks({
      before: child(before, key),
      after: child(after, key),
      beforeSensitive: child(beforeSensitive, key),
      afterSensitive: child(afterSensitive, key),
      afterUnknown: child(afterUnknown, key),
    });
    return [key, sides] as const;
  });
  return {
    before: rebuilt(
      before,
      isList,
      inner.map(([key, sides]) => [key, sides.before]),
    ),
    after: rebuilt(
      after ?? (hasMarks(afterUnknown) ? {} : after),
      isList,
      inner.map(([key, sides]) => [key, sides.after]),
    ),
  };
}

function maskedLeaf(before: unknown, after: unknown, unknown: Marks): MaskedSides {
  const isChanged = hasMarks(unknown) || JSON.stringify(before ?? null) !== JSON.stringify(after ?? null);
  const replaced = (value: unknown, mark: string) => (value === undefined || value === null ? value : mark);
  return {
    before: replaced(before, SENSITIVE),
    after: hasMarks(unknown)
      ? SENSITIVE_CHANGED
      : replaced(after, isChanged && before !== null && before !== undefined ? SENSITIVE_CHANGED : SENSITIVE),
  };
}

function hasMarks(marks: Marks): boolean {
  if (marks === true) return true;
  return typeof marks === 'object' && marks !== null && Object.values(marks).some(hasMarks);
}

function keysOf(...values: readonly unknown[]): string[] {
  return [
    ...new Set(
      values.flatMap((value) => (typeof value === 'object' && value !== null ? Object.keys(value) : [])),
    ),
  ];
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function rebuilt(original: unknown, isList: boolean, entries: [string, unknown][]): unknown {
  if (typeof original !== 'object' || original === null) return original;
  const present = entries.filter(([, value]) => value !== undefined);
  return isList ? present.map(([, value]) => value) : Object.fromEntries(present);
}
