/** JSON of requests and resources. */
export type ApiObject = { [field: string]: unknown };

export function isApiObject(value: unknown): value is ApiObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `display_name` → `displayName` */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

export type Visit = (value: unknown, path: readonly string[]) => void;

/** Calls the function with every leaf; indices of lists are part of the path. */
export function visitLeaves(value: unknown, visit: Visit, path: readonly string[] = []): void {
  if (Array.isArray(value)) value.forEach((item, index) => visitLeaves(item, visit, [...path, `${index}`]));
  else if (isApiObject(value))
    for (const [name, child] of Object.entries(value)) visitLeaves(child, visit, [...path, name]);
  else visit(value, path);
}

/** The segment after the last slash. */
export function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** `3600s` → 3600 */
export function secondsOf(duration: string): number {
  return Number(duration.replace(/s$/, ''));
}
