/** What browsers may do: which preflights the gateway answers, who may read responses, and what pages are told. */
import { responseHeaders } from '../../model/browsers/response-headers';
import type { Environment } from '../../model/environment';
import { declaredRoutes, routeOf, type DeclaredRoute } from './declared-requests';
import { findObject } from './inventory';
import { accepts, policiesFor, type PolicySpec } from './policy-evaluator';
import { routeTextMatches, ruleFor, type CorsPolicy, type HttpRule } from './route-evaluator';
import { sameJson } from './same-json';
import { ofKind, specOf, type Judge, type Subject } from './subject';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
const GATEWAY = 'ingress-gateway';
const GATEWAYS = [`${GATEWAY}/${GATEWAY}`];

/** One public host, as the objects treat it and as the catalogue declares it. */
interface PublicSide {
  readonly environment: Environment;
  readonly host: string;
  readonly rules: readonly HttpRule[];
  readonly policies: readonly PolicySpec[];
  readonly routes: readonly DeclaredRoute[];
}

export const browsersJudge: Judge = {
  name: 'browsers',
  kinds: ['VirtualService', 'AuthorizationPolicy'],
  judge: (subject) => publicSides(subject).flatMap((side) => [...answersOf(side), ...preflightsOf(side)]),
};

function publicSides(subject: Subject): PublicSide[] {
  const { environment } = subject;
  const { web, api } = environment.domainNames;
  const policies = policiesFor(ofKind(subject, 'AuthorizationPolicy'), {
    name: GATEWAY,
    namespace: GATEWAY,
    serviceAccount: GATEWAY,
    labels: { app: GATEWAY },
  });
  const hosts =
    web === api
      ? [{ id: 'web', host: web }]
      : [
          { id: 'web', host: web },
          { id: 'api', host: api },
        ];
  return hosts.flatMap(({ id, host }) => {
    const object = findObject(subject, 'VirtualService', GATEWAY, id);
    if (object === undefined) return [];
    const { http: rules = [] } = specOf<{ readonly http?: readonly HttpRule[] }>(object);
    const routes = declaredRoutes(environment).filter((route) => route.host === host);
    return [{ environment, host, rules, policies, routes }];
  });
}

/** Origins that the catalogue lets call the route: not its own host, from which browsers call without CORS. */
function declaredOrigins({ domainNames, browsers }: Environment, { ingress, host }: DeclaredRoute): string[] {
  if (ingress.webhook !== undefined) return [];
  const origins = ingress.origins.flatMap((name) =>
    name === 'pages'
      ? [`https://${domainNames.web}`, ...browsers.pageOrigins]
      : (browsers.origins[name] ?? []),
  );
  return [...new Set(origins)].filter((origin) => origin !== `https://${host}`);
}

function samplesOf(routes: readonly DeclaredRoute[]): string[] {
  const paths = routes.flatMap(({ path }) =>
    path.endsWith('*') ? [path.slice(0, -1), path.replace('*', 'lab')] : [path],
  );
  return [...new Set([...paths, '/', '/lab/undeclared'])];
}

/** Headers of responses to declared requests. */
function answersOf({ environment, host, rules, routes }: PublicSide): string[] {
  return samplesOf(routes).flatMap((path) =>
    METHODS.flatMap((method) => {
      const route = routeOf(routes, { method, path });
      const rule = ruleFor(rules, { gateway: GATEWAYS[0]!, method, path }, GATEWAYS);
      if (route === undefined || rule === undefined || rule.fault !== undefined) return [];
      const where = `${method} ${host}${path}`;
      const origins = declaredOrigins(environment, route);
      const { set, add } = responseHeaders(environment, route.ingress);
      const [first] = origins;
      const { credentials } = environment.browsers;
      const expected = {
        ...set,
        ...(first !== undefined && {
          'access-control-allow-origin': first,
          ...(credentials && { 'access-control-allow-credentials': 'true' }),
        }),
      };
      const { response } = rule.headers ?? {};
      return [
        ...differs(`${where} sets`, response?.set, expected),
        ...differs(`${where} adds`, response?.add, Object.keys(add).length === 0 ? undefined : add),
        ...corsDifferences(where, rule.corsPolicy, origins, environment),
      ];
    }),
  );
}

function corsDifferences(
  where: string,
  policy: CorsPolicy | undefined,
  origins: readonly string[],
  { browsers }: Environment,
): string[] {
  const allowed = policy?.allowOrigins ?? [];
  return [
    ...differs(
      `${where} may be read by`,
      allowed,
      origins.map((exact) => ({ exact })),
    ),
    ...(policy === undefined || origins.length === 0
      ? []
      : [
          ...differs(`${where} allowHeaders is`, policy.allowHeaders, browsers.requestHeaders),
          ...differs(`${where} exposeHeaders is`, policy.exposeHeaders, browsers.responseHeaders),
          ...differs(`${where} allowCredentials is`, policy.allowCredentials, browsers.credentials),
          ...differs(`${where} maxAge is`, policy.maxAge, `${browsers.preflightCacheSeconds}s`),
        ]),
  ];
}

function differs(what: string, actual: unknown, expected: unknown): string[] {
  return sameJson(actual, expected)
    ? []
    : [`${what} ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
}

/**
 * A preflight is answered if authorization lets it through and the CORS filter of its route knows the origin. One that is
 * let through and not answered would reach the destination of the route.
 */
function preflightsOf(side: PublicSide): string[] {
  const { environment, host, rules, policies, routes } = side;
  const { domainNames, browsers } = environment;
  const known = [`https://${domainNames.web}`, ...browsers.pageOrigins, ...Object.values(browsers.origins)];
  const origins = [...new Set([...known, `https://${domainNames.api}`, 'https://evil.example', 'null'])];
  return samplesOf(routes).flatMap((path) =>
    METHODS.flatMap((requested) =>
      origins.flatMap((origin) => {
        const headers = { origin, 'access-control-request-method': requested };
        const request = { method: 'OPTIONS', path, headers };
        const sender = { caller: undefined, issuer: undefined, port: 443 };
        const route = routeOf(routes, { method: requested, path });
        const declared = route !== undefined && declaredOrigins(environment, route).includes(origin);
        const what = `a preflight for ${requested} ${host}${path} of ${origin}`;
        // Clients may send the Host header with or without the port.
        const accepted = [host, `${host}:443`].map((form) =>
          accepts(policies, { ...request, ...sender, host: form }),
        );
        if (accepted.includes(false)) return declared ? [`${what} is rejected`] : [];
        const rule = ruleFor(rules, { gateway: GATEWAYS[0]!, ...request }, GATEWAYS);
        if (rule === undefined || rule.fault !== undefined) return declared ? [`${what} has no route`] : [];
        const policy = rule.corsPolicy;
        const isAnswered = (policy?.allowOrigins ?? []).some((text) => routeTextMatches(text, origin));
        if (!isAnswered) return [`${what} reaches ${rule.route?.[0]?.destination?.host}`];
        if (!declared) return [`${what} is answered`];
        return [
          ...corsDifferences(what, policy, declaredOrigins(environment, route), environment),
          ...(policy?.allowMethods?.includes(requested) === true
            ? []
            : [`${what} is answered without the method`]),
        ];
      }),
    ),
  );
}
