import type { IngressRoute } from '../../service';
import type { Rule, RuleViolation } from '../rule';

export const commonNameHasOneRoute: Rule = {
  id: 'SEC-005',
  title: 'Pages and API share no route',
  severity: 'error',
  rationale:
    'If domainNames has one name for pages and API, a path that both declare for one method would be served by either.',
  source: 'https://istio.io/latest/docs/ops/best-practices/traffic-management/#split-virtual-services',
  fix: 'use distinct paths or methods, or two names',
  check: ({ name, services, domainNames }) => {
    if (domainNames.web !== domainNames.api) return [];
    const routes = services.flatMap((service) =>
      service.ingress.map((route, index) => ({ service: service.catalogueName, route, index })),
    );
    return routes.flatMap(({ service, route, index }): RuleViolation[] => {
      const other = routes.find((it) => it.route.host === 'web' && sharesRequests(it.route, route));
      if (route.host !== 'api' || other === undefined) return [];
      return [
        {
          kind: 'service',
          name: service,
          path: ['ingress', index, 'paths'],
          message: `[${route.paths.join(', ')}] has a path and a method in common with the pages of '${other.service}', and environment '${name}' has one name for both`,
        },
      ];
    });
  },
};

function sharesRequests(left: IngressRoute, right: IngressRoute): boolean {
  return (
    left.paths.some((path) => right.paths.includes(path)) &&
    left.methods.some((method) => right.methods.includes(method))
  );
}
