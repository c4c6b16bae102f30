import { pathsOverlap } from '../../path-pattern';
import type { IngressRoute } from '../../service';
import type { Rule } from '../rule';

export const openRoutesDoNotOverlap: Rule = {
  id: 'SEC-004',
  title: 'Routes without token do not overlap token routes',
  severity: 'error',
  rationale:
    'A request is allowed if any rule allows it, so a route without a token makes the token of a route with the same path optional; of overlapping paths on one host the more specific one decides.',
  source: 'https://istio.io/latest/docs/concepts/security/#implicit-enablement',
  fix: 'use distinct methods or paths',
  check: ({ services }) =>
    services.flatMap(({ name, ingress }) =>
      ingress.flatMap((open, index) => {
        const withToken = ingress.find((route) => route.jwt === 'required' && overlaps(open, route));
        if (open.jwt === 'required' || withToken === undefined) return [];
        return [
          {
            kind: 'service' as const,
            name,
            path: ['ingress', index, 'paths'],
            message: `[${open.paths.join(', ')}] requires no token, but overlaps with [${withToken.paths.join(', ')}], which does`,
          },
        ];
      }),
    ),
};

/**
 * Whether the policies cannot decide about some request. On one host the more specific path decides. The service's
 * policy ignores the host, so overlapping paths of different hosts are ambiguous there.
 */
function overlaps(open: IngressRoute, withToken: IngressRoute): boolean {
  const conflict = open.host === withToken.host ? (a: string, b: string) => a === b : pathsOverlap;
  return (
    open.methods.some((method) => withToken.methods.includes(method)) &&
    open.paths.some((path) => withToken.paths.some((other) => conflict(path, other)))
  );
}
