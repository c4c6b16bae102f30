/** Mutants that no test can notice, because nothing in the mesh changes. Each pattern has its reason. */

interface AcceptedSurvivor {
  readonly pattern: RegExp;
  readonly reason: string;
}

const ACCEPTED: readonly AcceptedSurvivor[] = [
  {
    pattern: /^VirtualService \S+ spec\.http\[\d+\]\.route\[0\].*weight (removed|→ 100)/,
    reason: 'a rule with one destination sends it everything, with or without a weight',
  },
  {
    pattern: /^VirtualService \S+ spec\.http\[\d+\]\.name → /,
    reason: 'the name of a rule is for people; the admission policies only need it to be unique',
  },
  {
    pattern: /^ValidatingAdmissionPolicy \S+ spec\.validations\[\d+\]\.message(Expression)? (→|removed)/,
    reason: 'a text for people; the write is refused all the same',
  },
  {
    pattern:
      /^VirtualService ingress-gateway\/\S+ spec\.http\[\d+\]\.corsPolicy\.(allowMethods|allowHeaders|maxAge)/,
    reason: 'proxies read it for preflights only, which have rules of their own',
  },
  {
    pattern: /^VirtualService ingress-gateway\/web spec\.http\[\d+\]\.match\[\d+\]\.uri/,
    reason: 'the pages have the path `/*`, which covers every other path',
  },
  {
    pattern: /^AuthorizationPolicy \S+ spec\.action removed$/,
    reason: 'ALLOW is the default',
  },
  {
    pattern:
      /^AuthorizationPolicy (storefront\/frontend|ingress-gateway\/ingress-gateway) .*operation\.paths/,
    reason: 'the pages have the path `/*`, which covers every other path of the rule',
  },
  {
    pattern: /^AuthorizationPolicy \S+\/deny-all spec removed$/,
    reason: 'a policy without a spec and one with an empty spec are the same',
  },
  {
    pattern: /^NetworkPolicy \S+ spec\.ingress → \+ .*gmp-system/,
    reason: 'both namespaces of the metrics collectors are allowed already',
  },
  {
    pattern: /^VirtualService \S+ spec\.http\[\d+\]\.match\[\d+\]\.headers\.upgrade → \{\} /,
    reason: 'a header without a condition must only be present; without a value it switches no protocol',
  },
];

/** Rules that answer every request themselves, with an error or as a preflight, never use what follows. */
const UNUSED = /^(route|retries|timeout|headers)\b/;

/**
 * @param answersItself whether the rule of a VirtualService with this index has no use for a destination
 * @param isForPreflights whether the rule of the gateway's AuthorizationPolicy is about OPTIONS only
 * @returns the reason why the surviving mutant does not matter; undefined if it does
 */
export function reasonOf(
  id: string,
  answersItself: (rule: number) => boolean,
  isForPreflights: (rule: number) => boolean,
): string | undefined {
  const [, access] =
    /^AuthorizationPolicy ingress-gateway\/\S+ spec\.rules\[(\d+)\]\.to\[0\]\.operation\.paths/.exec(id) ??
    [];
  if (access !== undefined && isForPreflights(Number(access)))
    return 'a preflight without a route of its own gets 404 at the gateway, and reaches nothing';
  const [, rule, field = ''] = /^VirtualService \S+ spec\.http\[(\d+)\]\.(\S+)/.exec(id) ?? [];
  if (rule !== undefined && answersItself(Number(rule)) && UNUSED.test(field))
    return 'the gateway answers each request of the rule itself; its destination and its retries are never used';
  return ACCEPTED.find(({ pattern }) => pattern.test(id))?.reason;
}
