import { callersAccess } from '../../streams';
import { pathsOverlap } from '../../path-pattern';
import type { Rule } from '../rule';

export const streamsCanBeOpened: Rule = {
  id: 'RES-016',
  title: 'Every stream can be opened by somebody',
  severity: 'error',
  rationale:
    'A stream says how long requests may take, not who may send them, so clients of a stream without a route or call get 403.',
  source: 'docs/services.md',
  fix: "add the method and path to 'ingress' or to the calls of a caller, or remove them from the stream",
  check: ({ services }) =>
    services.flatMap((service) => {
      const allowed = callersAccess(service, services);
      return service.streams.flatMap(({ methods, paths }, index) =>
        paths.flatMap((path, position) => {
          const reached = allowed.some(
            (access) =>
              methods.some((method) => access.methods.includes(method)) &&
              access.paths.some((other) => pathsOverlap(path, other)),
          );
          if (reached) return [];
          return [
            {
              kind: 'service' as const,
              name: service.name,
              path: ['streams', index, 'paths', position],
              message: `no route and no call allows ${methods.join(' or ')} on '${path}'`,
            },
          ];
        }),
      );
    }),
};
