/** Whether a plan made anew says what the one that is kept says. */
import { differences } from '../../model/review/json';

/** What an API server, a clock or chance puts into every plan anew. */
const VOLATILE: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'clusterIP',
  'clusterIPs',
]);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHOWN = 5;

/** Sentences on where the two differ; none if they say the same. */
export function comparePlans(name: string, kept: unknown, fresh: unknown): string[] {
  const found = differences(stable(kept), stable(fresh));
  const more = found.length > SHOWN ? [`${name}: and ${found.length - SHOWN} more`] : [];
  return [
    ...found
      .slice(0, SHOWN)
      .map(({ path, before, after }) => `${name}: ${path}: kept ${shown(before)}, planned ${shown(after)}`),
    ...more,
  ];
}

function stable(value: unknown): unknown {
  if (typeof value === 'string' && UUID.test(value)) return 'made up';
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !VOLATILE.has(key))
      .map(([key, inner]) => [key, stable(inner)]),
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
