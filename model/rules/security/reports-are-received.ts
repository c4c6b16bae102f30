import { literalOf } from '../../path-pattern';
import type { Rule } from '../rule';

export const reportsAreReceived: Rule = {
  id: 'SEC-013',
  title: 'Reports of browsers are received',
  severity: 'error',
  rationale:
    'Browsers send reports once and without a token; a path that refuses them loses every report of a changed script.',
  source: 'https://www.w3.org/TR/CSP3/#reporting',
  fix: "declare a route with host web, methods [POST], that path and jwt: 'none'",
  check: ({ name, services, browsers }) => {
    const { reports } = browsers.contentSecurityPolicy;
    if (reports?.startsWith('/') !== true) return [];
    const isReceived = services.some(({ ingress }) =>
      ingress.some(
        ({ host, methods, paths, jwt }) =>
          host === 'web' &&
          jwt === 'none' &&
          methods.includes('POST') &&
          paths.some(
            (path) => path === reports || (path.endsWith('/*') && reports.startsWith(literalOf(path))),
          ),
      ),
    );
    return isReceived
      ? []
      : [
          {
            kind: 'environment',
            name,
            path: ['browsers', 'contentSecurityPolicy', 'reports'],
            message: `no route takes POST ${reports} without a token`,
          },
        ];
  },
};
