import { closest, distance } from 'fastest-levenshtein';

/** `did you mean 'cart'?`, if a known name is near enough to be meant. */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(name, known);
  return distance(name, nearest) <= Math.max(1, Math.floor(name.length / 3))
    ? `did you mean '${nearest}'?`
    : undefined;
}

/** The near miss if there is one, all known names otherwise. */
export function choices(name: string, known: readonly string[]): string {
  return (
    didYouMean(name, known) ??
    (known.length === 0 ? 'there are none' : `use one of ${[...known].sort().join(', ')}`)
  );
}
