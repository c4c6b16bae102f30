import { bodyPoolOf, mostBodiesInFlight } from '../../body-pools';
import type { Rule } from '../rule';

export const bodiesLeaveHalfForReads: Rule = {
  id: 'RES-014',
  title: 'Slow bodies leave half of each pod',
  severity: 'error',
  rationale:
    'No timeout of a proxy ends a request whose body arrives slowly, so one client with a token could hold every connection of the service.',
  source: 'docs/decisions/0065-requests-with-a-body-have-a-pool-of-their-own.md',
  fix: 'lower maxBodiesInFlight, or raise maxConnections or the replicas of the service',
  check: (environment) =>
    environment.services.flatMap((service) => {
      const most = Math.floor(mostBodiesInFlight(service, environment));
      return service.ingress.flatMap((route, index) =>
        bodyPoolOf(route) === undefined ||
        route.maxBodiesInFlight === undefined ||
        route.maxBodiesInFlight <= most
          ? []
          : [
              {
                kind: 'service' as const,
                name: service.name,
                path: ['ingress', index, 'maxBodiesInFlight'],
                message: `${route.maxBodiesInFlight} requests with a body of each gateway pod take more than half of the pods of '${service.name}'`,
                fix: `use at most ${most}, or raise maxConnections or the replicas of the service`,
              },
            ],
      );
    }),
};
