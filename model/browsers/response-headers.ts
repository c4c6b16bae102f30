/**
 * Security headers that the ingress gateway adds to responses. PCI DSS 4.2.1, 6.4.3, 11.6.1.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
 */
import type { Environment } from '../environment';
import { CSP_DIRECTIVES, type CspDirectives } from '../schema/content-security-schema';
import type { IngressRoute } from '../service';
import { namedOrigins } from './cross-origin';

export interface ResponseHeaders {
  /** Replace what the application sends. */
  readonly set: Readonly<Record<string, string>>;
  /** Beside what the application sends: browsers enforce every content security policy that they get. */
  readonly add: Readonly<Record<string, string>>;
}

type Browsers = Pick<Environment, 'domainNames' | 'browsers'>;

export function responseHeaders(
  environment: Browsers,
  route: Pick<IngressRoute, 'host' | 'contentSecurityPolicy'>,
): ResponseHeaders {
  const { strictTransportSecuritySeconds, referrerPolicy } = environment.browsers;
  const everywhere = {
    'strict-transport-security': `max-age=${strictTransportSecuritySeconds}`,
    'x-content-type-options': 'nosniff',
  };
  if (route.host !== 'web') return { set: everywhere, add: {} };
  const endpoint = reportUrl(environment);
  return {
    set: {
      ...everywhere,
      'referrer-policy': referrerPolicy,
      ...(endpoint !== undefined && { 'reporting-endpoints': `${REPORT_GROUP}="${endpoint}"` }),
    },
    add: securityPolicies(environment, route.contentSecurityPolicy),
  };
}

const REPORT_GROUP = 'csp';

/** Directives of the environment, replaced by those of the route. */
export function effectiveDirectives(
  { browsers }: Pick<Environment, 'browsers'>,
  { contentSecurityPolicy }: Pick<IngressRoute, 'contentSecurityPolicy'>,
): CspDirectives {
  return { ...browsers.contentSecurityPolicy.directives, ...contentSecurityPolicy };
}

/** Frames cannot be limited by a policy that only reports. */
function securityPolicies(environment: Browsers, ofRoute: CspDirectives): Record<string, string> {
  const { contentSecurityPolicy, framedBy } = environment.browsers;
  const directives = effectiveDirectives(environment, { contentSecurityPolicy: ofRoute });
  const endpoint = reportUrl(environment);
  const resources = CSP_DIRECTIVES.flatMap((directive) => {
    const sources = directives[directive];
    return sources === undefined ? [] : [`${directive} ${sourceList(environment, sources)}`];
  });
  const reporting = endpoint === undefined ? [] : [`report-uri ${endpoint}`, `report-to ${REPORT_GROUP}`];
  const frames = `frame-ancestors ${framedBy.length === 0 ? "'none'" : sourceList(environment, framedBy)}`;
  const enforced = contentSecurityPolicy.mode === 'enforce';
  return {
    'content-security-policy': (enforced ? [...resources, frames, ...reporting] : [frames]).join('; '),
    ...(!enforced &&
      resources.length > 0 && {
        'content-security-policy-report-only': [...resources, ...reporting].join('; '),
      }),
  };
}

/** Names become origins; an unknown name is a violation of a rule. */
function sourceList(environment: Browsers, sources: readonly string[]): string {
  const named = sourceNames(environment);
  return sources.flatMap((source) => named.get(source) ?? [source]).join(' ');
}

/** Sources by name: the public hosts of the environment and its other origins. */
export function sourceNames(environment: Browsers): ReadonlyMap<string, readonly string[]> {
  return new Map([...namedOrigins(environment), [API, [`https://${environment.domainNames.api}`]]]);
}

const API = 'api';

function reportUrl({ domainNames, browsers }: Browsers): string | undefined {
  const { reports } = browsers.contentSecurityPolicy;
  return reports?.startsWith('/') === true ? `https://${domainNames.web}${reports}` : reports;
}
