/** Takes what nobody may read out of a plan, before anything else sees it. */
import { isObject, type JsonObject } from '../../model/review/json';
import { SENSITIVE, SENSITIVE_CHANGED, UNKNOWN } from '../../model/review/resource-change';

/** A plan's marks: `true` at a sensitive or unknown value, or a tree with `true` at some leaves. */
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

/** A value that is sensitive on one side is so on the other: what was secret is not told by becoming public. */
export function masked({ before, after, ...marks }: Sides): MaskedSides {
  const { beforeSensitive, afterSensitive, afterUnknown } = marks;
  if (beforeSensitive === true || afterSensitive === true) return maskedLeaf(before, after, afterUnknown);
  if (afterUnknown === true) return { before, after: UNKNOWN };
  const isList = Array.isArray(before) || Array.isArray(after);
  if (!isList && !isObject(before) && !isObject(after) && !hasMarks(afterUnknown)) return { before, after };

  const inner = keysOf(before, after, afterUnknown).map((key) => {
    const sides = masked({
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
  const there = (value: unknown, mark: string) => (value === undefined || value === null ? value : mark);
  return {
    before: there(before, SENSITIVE),
    after: hasMarks(unknown)
      ? SENSITIVE_CHANGED
      : there(after, isChanged && before !== null && before !== undefined ? SENSITIVE_CHANGED : SENSITIVE),
  };
}

/** `true` somewhere in the tree. */
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
  return isList ? present.map(([, value]) => value) : (Object.fromEntries(present) as JsonObject);
}
