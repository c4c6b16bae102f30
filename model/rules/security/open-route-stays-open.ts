import { pathsOverlap } from '../../path-pattern';
import type { IngressRoute } from '../../service';
import type { Rule } from '../rule';

export const openRouteStaysOpen: Rule = {
  id: 'SEC-004',
  title: 'No open route covers a guarded one',
  severity: 'error',
  rationale:
    'A request is let in when any rule allows it: an open route over the same paths makes the token of the other one optional.',
  source: 'https://istio.io/latest/docs/concepts/security/#implicit-enablement',
  fix: 'give the open route methods or paths of its own',
  check: ({ services }) =>
    services.flatMap(({ name, ingress }) =>
      ingress.flatMap((open, index) => {
        const guarded = ingress.find((route) => route.jwt === 'required' && admits(open, route));
        if (open.jwt === 'required' || guarded === undefined) return [];
        return [
          {
            kind: 'service' as const,
            name,
            path: ['ingress', index, 'paths'],
            message: `[${open.paths.join(', ')}] needs no token and covers requests of [${guarded.paths.join(', ')}], which does`,
          },
        ];
      }),
    ),
};

/** Whether some request fits both. The host does not matter: a service's policy does not look at it. */
function admits(open: IngressRoute, guarded: IngressRoute): boolean {
  return (
    open.methods.some((method) => guarded.methods.includes(method)) &&
    open.paths.some((path) => guarded.paths.some((other) => pathsOverlap(path, other)))
  );
}
