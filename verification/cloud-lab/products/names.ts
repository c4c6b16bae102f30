import { lastSegment } from '../engine/json';
import { invalid } from '../engine/refusal';
import type { Source } from '../engine/source';

/** @throws Refusal unless the last segment of the resource's name matches */
export function requireName(name: string, rule: RegExp, source: Source): void {
  const id = lastSegment(name);
  if (!rule.test(id)) invalid(`the name '${id}' does not match ${rule.source}`, source);
}

/** Lower-case letters, digits and hyphens, at most 63 characters. @see https://www.rfc-editor.org/rfc/rfc1035 */
export const RFC_1035 = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
