import { closest, distance } from 'fastest-levenshtein';

/** `did you mean 'cart'?`, if a known name is similar enough. */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(name, known);
  return distance(name, nearest) <= Math.max(1, Math.floor(name.length / 3))
    ? `did you mean '${nearest}'?`
    : undefined;
}

/** A similar name if there is one, else all known names. */
export function choices(name: string, known: readonly string[]): string {
  return (
    didYouMean(name, known) ??
    (known.length === 0 ? 'none exists' : `use one of ${[...known].sort().join(', ')}`)
  );
}
