/** Path patterns of the catalogue: `/carts` is exact, `/carts/*` is a prefix. */

/** The match of a VirtualService for the pattern. */
export function pathMatch(pattern: string): { readonly exact: string } | { readonly prefix: string } {
  return pattern.endsWith('/*') ? { prefix: pattern.slice(0, -1) } : { exact: pattern };
}

/** Whether some request path matches both patterns. */
export function pathsOverlap(left: string, right: string): boolean {
  const [a, b] = [pathMatch(left), pathMatch(right)];
  if ('exact' in a) return 'exact' in b ? a.exact === b.exact : a.exact.startsWith(b.prefix);
  return 'exact' in b
    ? b.exact.startsWith(a.prefix)
    : a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix);
}
