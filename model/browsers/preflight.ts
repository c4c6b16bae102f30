/**
 * Authorization of preflights at the ingress gateway: without a token, from the declared origins, for the declared hosts,
 * paths and methods. The gateway's authorization runs before its CORS filter, so it must allow what that filter answers.
 */
import { hostForms, PUBLIC_PORT } from '../host-forms';
import { isMoreSpecific } from '../path-pattern';
import { publicHosts, type PublicRoute, type RoutedEnvironment } from '../public-routes';
import type { HttpMethod } from '../schema/service-schema';

export const PREFLIGHT_METHOD = 'OPTIONS';
export const REQUESTED_METHOD_HEADER = 'access-control-request-method';

/** One rule of an Istio AuthorizationPolicy. */
export interface PreflightRule {
  readonly to: {
    readonly operation: {
      readonly hosts: string[];
      readonly methods: string[];
      readonly paths: string[];
      readonly notPaths?: string[];
    };
  }[];
  readonly when: { readonly key: string; readonly values: string[] }[];
}

interface Preflight {
  readonly origins: readonly string[];
  readonly methods: HttpMethod[];
  readonly paths: string[];
  readonly exceptPaths: readonly string[];
}

export function preflightRules(environment: RoutedEnvironment): PreflightRule[] {
  return publicHosts(environment).flatMap(({ name, routes }) =>
    preflightsOf(routes).map(({ origins, methods, paths, exceptPaths }) => ({
      to: [
        {
          operation: {
            hosts: hostForms(name, PUBLIC_PORT),
            methods: [PREFLIGHT_METHOD],
            paths,
            ...(exceptPaths.length > 0 && { notPaths: [...exceptPaths] }),
          },
        },
      ],
      when: [
        { key: 'request.headers[origin]', values: [...origins] },
        { key: `request.headers[${REQUESTED_METHOD_HEADER}]`, values: [...methods] },
      ],
    })),
  );
}

/** Paths that share origins, methods and exceptions. */
function preflightsOf(routes: readonly PublicRoute[]): Preflight[] {
  const merged = new Map<string, Preflight>();
  for (const route of routes) {
    for (const group of methodsByException(route, routes)) {
      const key = JSON.stringify([group.origins, group.methods, group.exceptPaths]);
      const known = merged.get(key);
      if (known) known.paths.push(route.path);
      else merged.set(key, { ...group, paths: [route.path] });
    }
  }
  return [...merged.values()];
}

/** More specific paths with other origins are left out, whoever declares them. */
function methodsByException(route: PublicRoute, others: readonly PublicRoute[]): Omit<Preflight, 'paths'>[] {
  const origins = route.crossOrigin?.origins ?? [];
  if (origins.length === 0) return [];
  const groups = new Map<string, Omit<Preflight, 'paths'>>();
  for (const method of route.methods) {
    const exceptPaths = others
      .filter(
        (other) =>
          other.methods.includes(method) &&
          isMoreSpecific(other.path, route.path) &&
          JSON.stringify(other.crossOrigin?.origins ?? []) !== JSON.stringify(origins),
      )
      .map(({ path }) => path);
    const unique = [...new Set(exceptPaths)].sort();
    const group = groups.get(unique.join(' '));
    if (group) group.methods.push(method);
    else groups.set(unique.join(' '), { origins, methods: [method], exceptPaths: unique });
  }
  return [...groups.values()];
}
