/** Parts of edits and of their expected words that several edits share. */
import type { ExpectedReview } from '../edit';

/** Digest of an image that is built in the year; the fixtures have others. */
export function digestOf(letter: string): string {
  return `sha256:${letter.repeat(64)}`;
}

/** Digest in the words of a review. */
export function shortDigest(letter: string): string {
  return letter.repeat(8);
}

export function imageOf(registry: string, service: string, letter: string): string {
  return `${registry}/${service}@${digestOf(letter)}`;
}

/** A change of the mesh-policies stack alone. */
export function meshPolicies(headlines: readonly string[], flags: readonly string[] = []): ExpectedReview {
  return { stacks: ['mesh-policies'], headlines, flags };
}

/** A weight that `mesh canary` writes. */
export function canaryWeight(service: string, from: string, to: string): ExpectedReview {
  return meshPolicies([`${service}: canary v2 ${from} → ${to}`]);
}

/** Headlines of the limits with which a third party is called, if its file sets none but the timeout. */
export function thirdPartyLimits(name: string, timeout: string, change: 'added' | 'removed'): string[] {
  const limits = [
    ['client TLS', 'SIMPLE'],
    ['timeout', timeout],
    ['retries', '0'],
    ['circuit breaker: active requests', '100'],
    ['circuit breaker: base ejection time', '30 s'],
    ['circuit breaker: concurrent retries', '20'],
    ['circuit breaker: connect timeout', '1 s'],
    ['circuit breaker: connections', '50'],
    ['circuit breaker: consecutive 5xx before ejection', '5'],
    ['circuit breaker: maximum ejected endpoints', '50 %'],
    ['circuit breaker: outlier detection interval', '10 s'],
    ['circuit breaker: pending requests', '25'],
  ] as const;
  return limits.map(([label, value]) =>
    change === 'added' ? `${name}: ${label} none → ${value}` : `${name}: ${label} ${value} → none`,
  );
}
