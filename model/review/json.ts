/** Reads JSON of providers without assuming its shape. Absent and `null` are the same. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value at a path such as `spec.http.0.timeout`, one argument for each step as keys may contain dots. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here ?? undefined;
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** A number. Some providers write numbers as text. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  if (typeof found === 'number') return found;
  return typeof found === 'string' && /^-?\d+(\.\d+)?$/.test(found) ? Number(found) : undefined;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

export function textsAt(value: unknown, ...path: readonly (string | number)[]): readonly string[] {
  return listAt(value, ...path).filter((entry) => typeof entry === 'string');
}

/** The entries of an object whose values are texts. */
export function textEntriesAt(
  value: unknown,
  ...path: readonly (string | number)[]
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(at(value, ...path) ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A nested block: a list of one in a plan, the block itself in the synthesized JSON. */
export function blockAt(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const step of path) {
    const found = at(here, step);
    here = Array.isArray(found) ? (found as readonly unknown[])[0] : found;
  }
  return here ?? undefined;
}

/** Istio's and Google's durations (`1m30s`, `0.2s`, `800ms`) in milliseconds. */
export function durationMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(text)) return undefined;
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0);
}

export interface Difference {
  /** `spec.http[0].timeout`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Every leaf at which two values differ, in key order. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (Object.is(before ?? undefined, after ?? undefined)) return [];
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differences(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }).flatMap((_, index) =>
      differences(before[index], after[index], `${path}[${index}]`),
    );
  }
  return isEmpty(before) && isEmpty(after) ? [] : [{ path, before, after }];
}

/** Providers write an absent list or block as `null`, `[]` or `{}`. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
