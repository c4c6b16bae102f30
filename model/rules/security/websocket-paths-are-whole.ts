import { isMoreSpecific } from '../../path-pattern';
import { publicHosts } from '../../public-routes';
import { streamsWithin } from '../../streams';
import type { Rule } from '../rule';

export const webSocketPathsAreWhole: Rule = {
  id: 'SEC-009',
  title: 'WebSocket paths contain no other route',
  severity: 'error',
  rationale:
    'The gateway switches protocols before it looks for the most specific path, so a WebSocket to the inner path would reach the outer service by the rules of the inner route.',
  source: 'docs/edge.md',
  fix: 'give the WebSocket a path of its own',
  check: (environment) =>
    publicHosts(environment).flatMap(({ routes }) =>
      routes.flatMap((route) =>
        streamsWithin(route.service, route).flatMap(({ stream, path }) => {
          const inner = routes.find(
            (other) =>
              (other.service !== route.service || other.jwt !== route.jwt) &&
              isMoreSpecific(other.path, path),
          );
          if (!stream.webSocket || inner === undefined) return [];
          return [
            {
              kind: 'service' as const,
              name: route.service.name,
              path: ['streams', route.service.streams.indexOf(stream), 'paths'],
              message: `the WebSocket '${path}' contains '${inner.path}' of '${inner.service.name}'`,
            },
          ];
        }),
      ),
    ),
};
