import { pathsOverlap } from '../../path-pattern';
import type { IngressRoute } from '../../service';
import type { Rule } from '../rule';

export const openRoutesDoNotOverlap: Rule = {
  id: 'SEC-004',
  title: 'Routes without token do not overlap token routes',
  severity: 'error',
  rationale:
    'A request is allowed if any rule allows it, so a route without a token makes the token of an overlapping route optional.',
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

/** Whether some request matches both. Ignores the host, as the service's policy does. */
function overlaps(open: IngressRoute, withToken: IngressRoute): boolean {
  return (
    open.methods.some((method) => withToken.methods.includes(method)) &&
    open.paths.some((path) => withToken.paths.some((other) => pathsOverlap(path, other)))
  );
}
