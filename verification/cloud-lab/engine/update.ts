import { isApiObject, type ApiObject } from './json';

/** Copies one path of an update mask; a path that the body lacks removes the field. @see https://google.aip.dev/134 */
export function copyField(from: unknown, to: ApiObject, path: readonly string[]): void {
  const [step = '', ...rest] = path;
  const value = isApiObject(from) ? from[step] : undefined;
  if (rest.length === 0) {
    if (value === undefined) delete to[step];
    else to[step] = structuredClone(value);
    return;
  }
  const child = to[step];
  // To remove a field of a message that neither side has changes nothing.
  if (!isApiObject(child) && value === undefined) return;
  const next: ApiObject = isApiObject(child) ? child : {};
  to[step] = next;
  copyField(value, next, rest);
}

export function withoutUndefined(object: ApiObject): ApiObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
