/** Path patterns of the catalogue: `/carts` is exact, `/carts/*` is a prefix. */

/**
 * Paths that proxies and applications can read differently (RE2): an encoded separator or percent sign, a NUL, or an
 * overlong UTF-8 sequence. Proxies resolve dot segments, encoded or with parameters (`..;`), before they match routes
 * and policies, and send the resolved path.
 */
export const AMBIGUOUS_PATH = '.*(%2[fF]|%5[cC]|%25|%00|%[cC][01]).*';

/** The match of a VirtualService for the pattern. */
export function pathMatch(pattern: string): { readonly exact: string } | { readonly prefix: string } {
  return pattern.endsWith('/*') ? { prefix: literalOf(pattern) } : { exact: pattern };
}

/** The pattern without its wildcard. */
export function literalOf(pattern: string): string {
  return pattern.endsWith('/*') ? pattern.slice(0, -1) : pattern;
}

/** Whether some request path matches both patterns. */
export function pathsOverlap(left: string, right: string): boolean {
  return left === right || isMoreSpecific(left, right) || isMoreSpecific(right, left);
}

/** Whether every request path that matches `inner` also matches `outer`, and the patterns differ. */
export function isMoreSpecific(inner: string, outer: string): boolean {
  return inner !== outer && outer.endsWith('/*') && literalOf(inner).startsWith(literalOf(outer));
}
