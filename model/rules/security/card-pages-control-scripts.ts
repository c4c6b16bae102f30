import { effectiveDirectives } from '../../browsers/response-headers';
import type { Environment } from '../../environment';
import type { Rule, RuleViolation } from '../rule';

export const cardPagesControlScripts: Rule = {
  id: 'SEC-012',
  title: 'Pages of a card shop control scripts',
  severity: 'error',
  rationale:
    'A script that an attacker adds to a page reads card numbers while the customer types them; without a content security policy the browser runs it, and without reports nobody learns of it.',
  source: 'https://www.pcisecuritystandards.org/document_library/',
  fix: "list the scripts' sources in browsers.contentSecurityPolicy, such as script-src: [\"'self'\"]",
  check: (environment) =>
    environment.production && handlesCards(environment)
      ? [...environmentViolations(environment), ...pageViolations(environment)]
      : [],
};

function handlesCards({ services }: Environment): boolean {
  return (
    services.some(({ pciScope }) => pciScope === 'cardholder-data') &&
    services.some(({ ingress }) => ingress.some(({ host }) => host === 'web'))
  );
}

function environmentViolations({ name, browsers }: Environment): RuleViolation[] {
  const { mode, reports } = browsers.contentSecurityPolicy;
  const found = (key: string, message: string, fix: string): RuleViolation => ({
    kind: 'environment',
    name,
    path: ['browsers', 'contentSecurityPolicy', key],
    message,
    fix,
  });
  return [
    ...(mode === 'enforce'
      ? []
      : [
          found(
            'mode',
            "'report-only' blocks no script (PCI DSS 6.4.3)",
            "use 'enforce', or a waiver while it is new",
          ),
        ]),
    ...(reports === undefined
      ? [found('reports', 'violations are reported nowhere (PCI DSS 11.6.1)', 'set a path or a URL')]
      : []),
  ];
}

/** Sources that let a script in which nobody listed. */
const UNCONTROLLED = /^('unsafe-(inline|eval)'|[a-z]+:)$/;

function pageViolations(environment: Environment): RuleViolation[] {
  return environment.services.flatMap((service) =>
    service.ingress.flatMap((route, index): RuleViolation[] => {
      if (route.host !== 'web' || !route.methods.includes('GET')) return [];
      const own = route.contentSecurityPolicy;
      const directives = effectiveDirectives(environment, route);
      const directive = directives['script-src'] === undefined ? 'default-src' : 'script-src';
      const sources = directives[directive];
      const place: Pick<RuleViolation, 'kind' | 'name' | 'path'> =
        own[directive] === undefined
          ? {
              kind: 'environment',
              name: environment.name,
              path: ['browsers', 'contentSecurityPolicy', 'directives', directive],
            }
          : {
              kind: 'service',
              name: service.name,
              path: ['ingress', index, 'contentSecurityPolicy', directive],
            };
      if (sources === undefined) {
        const message = `scripts of [${route.paths.join(', ')}] are not limited (PCI DSS 6.4.3)`;
        return [{ ...place, path: ['browsers', 'contentSecurityPolicy', 'directives'], message }];
      }
      const open = sources.filter((source) => UNCONTROLLED.test(source));
      return open.length === 0
        ? []
        : [
            {
              ...place,
              message: `${open.join(' and ')} lets scripts run on [${route.paths.join(', ')}] that nobody has listed (PCI DSS 6.4.3)`,
              fix: 'use hashes, or hosts that serve only listed scripts',
            },
          ];
    }),
  );
}
