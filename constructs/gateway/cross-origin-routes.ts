/** Renders answers to preflights and the headers of cross-origin responses. */
import type { CrossOriginAccess } from '../../model/browsers/cross-origin';
import { PREFLIGHT_METHOD, REQUESTED_METHOD_HEADER } from '../../model/browsers/preflight';
import { INGRESS_GATEWAY, serviceHost } from '../../model/naming';
import { pathMatch } from '../../model/path-pattern';
import type { PublicRoute } from '../../model/public-routes';
import { duration } from '../../model/quantity';
import type { HttpMethod } from '../../model/schema/service-schema';

/** What Envoy's CORS filter does on a route. */
export function renderCorsPolicy(access: CrossOriginAccess, methods: readonly HttpMethod[]) {
  return {
    allowOrigins: access.origins.map((exact) => ({ exact })),
    allowMethods: [...methods],
    allowHeaders: [...access.requestHeaders],
    exposeHeaders: [...access.responseHeaders],
    allowCredentials: access.credentials,
    maxAge: duration(access.preflightCacheSeconds * 1_000),
  };
}

/**
 * Headers that the CORS filter cannot add to the gateway's own answers, such as 401, because they come before it. So a
 * page of the first origin can read them. For another origin the filter replaces the value, where it runs.
 */
export function crossOriginHeaders(access: CrossOriginAccess | undefined): Record<string, string> {
  const [origin] = access?.origins ?? [];
  if (access === undefined || origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    ...(access.credentials && { 'access-control-allow-credentials': 'true' }),
  };
}

/**
 * Routes for preflights: one for each set of methods and origins. The CORS filter answers every request that they match,
 * since origin and method are those of its policy. The destination is required and never used; the gateway stands for
 * it, so that nothing can reach a service, and that no preflight counts in the metrics of one.
 */
export function renderPreflightRoutes(routes: readonly PublicRoute[]) {
  const groups = new Map<string, PublicRoute[]>();
  for (const route of routes) {
    if (route.crossOrigin === undefined) continue;
    const key = JSON.stringify([route.methods, route.crossOrigin]);
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  const names = new Map<string, number>();
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first?.crossOrigin === undefined) return [];
    const { crossOrigin, methods } = first;
    const name = `preflight-${methods.join('-').toLowerCase()}`;
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    return {
      name: count === 1 ? name : `${name}-${count}`,
      match: members.flatMap(({ path }) =>
        crossOrigin.origins.map((origin) => ({
          uri: pathMatch(path),
          method: { exact: PREFLIGHT_METHOD },
          headers: { origin: { exact: origin }, [REQUESTED_METHOD_HEADER]: { regex: methods.join('|') } },
        })),
      ),
      corsPolicy: renderCorsPolicy(crossOrigin, methods),
      route: [{ destination: { host: GATEWAY_HOST, port: { number: 443 } }, weight: 100 }],
      retries: { attempts: 0 },
    };
  });
}

const GATEWAY_HOST = serviceHost(INGRESS_GATEWAY.name, INGRESS_GATEWAY.namespace);
