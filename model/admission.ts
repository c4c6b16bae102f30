/** What an external client must show on a route: a token, claims in it, or the source address of a webhook. */
import type { IngressRoute } from './service';

export type TokenRequirement = NonNullable<IngressRoute['requires']>;

export type Admission = Pick<IngressRoute, 'jwt' | 'requires' | 'webhook'>;

/** Equal for routes that admit the same clients. */
export function admissionKey({ jwt, requires, webhook }: Admission): string {
  return JSON.stringify([jwt, tokenConditions(requires), webhook?.sourceRanges ?? []]);
}

/** One condition of an Istio rule. All must hold; each holds if one of its values matches. */
export interface TokenCondition {
  readonly key: string;
  readonly values: string[];
}

/**
 * Conditions on the claims of a token. Istio splits the claim `scope` at spaces, so each scope is a condition of its
 * own.
 *
 * @see https://istio.io/latest/docs/reference/config/security/conditions/
 */
export function tokenConditions(requires: TokenRequirement | undefined): TokenCondition[] {
  const { scopes = [], claims = {} } = requires ?? {};
  return [
    ...[...scopes].sort().map((scope) => ({ key: claimKey('scope'), values: [scope] })),
    ...Object.entries(claims)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([claim, values]) => ({ key: claimKey(claim), values: [...values].sort() })),
  ];
}

function claimKey(claim: string): string {
  return `request.auth.claims[${claim}]`;
}

/** For people: `scope profile.write`, `claim role: admin or support`. */
export function describeRequirement(requires: TokenRequirement | undefined): string[] {
  return tokenConditions(requires).map(describeCondition);
}

export function describeCondition({
  key,
  values,
}: {
  readonly key: string;
  readonly values: readonly string[];
}) {
  const [, claim = key] = /^request\.auth\.claims\[(.+)\]$/.exec(key) ?? [];
  return `${claim === 'scope' ? 'scope ' : `claim ${claim}: `}${values.join(' or ')}`;
}
