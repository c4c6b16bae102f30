/**
 * Which pages of other hosts may call a public route from a browser (CORS). Routing and authorization of preflights are
 * both derived from it.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
import type { Environment } from '../environment';
import type { IngressRoute } from '../service';

/** Name of the origin of the environment's own pages. */
export const PAGES = 'pages';

/** What pages of other hosts may do with a route. */
export interface CrossOriginAccess extends Pick<
  Environment['browsers'],
  'requestHeaders' | 'responseHeaders' | 'credentials' | 'preflightCacheSeconds'
> {
  /** Exact origins, not empty. */
  readonly origins: readonly string[];
}

type Origins = Pick<Environment, 'domainNames' | 'browsers'>;

/** Origins by the name that routes use. */
export function namedOrigins({ domainNames, browsers }: Origins): ReadonlyMap<string, readonly string[]> {
  return new Map<string, readonly string[]>([
    ...Object.entries(browsers.origins).map(([name, origin]) => [name, [origin]] as const),
    [PAGES, [`https://${domainNames.web}`, ...browsers.pageOrigins]],
  ]);
}

/**
 * `undefined` if no page of another host may call the route: pages of the same host need no permission, and webhooks are
 * called by servers.
 */
export function crossOriginAccess(
  environment: Origins,
  { host, origins, webhook }: Pick<IngressRoute, 'host' | 'origins' | 'webhook'>,
): CrossOriginAccess | undefined {
  // Servers of third parties call it, not pages.
  if (webhook !== undefined) return undefined;
  const own = `https://${environment.domainNames[host]}`;
  const named = namedOrigins(environment);
  const others = origins.flatMap((name) => named.get(name) ?? []).filter((origin) => origin !== own);
  if (others.length === 0) return undefined;
  const { requestHeaders, responseHeaders, credentials, preflightCacheSeconds } = environment.browsers;
  return {
    origins: [...new Set(others)],
    requestHeaders,
    responseHeaders,
    credentials,
    preflightCacheSeconds,
  };
}
