/** Renders the routes of a public host, in the order of the model. */
import { BODY_METHODS } from '../../model/body-pools';
import { removedHeaders } from '../../model/header-policy';
import { numbersAbove } from '../../model/number-pattern';
import { pathMatch } from '../../model/path-pattern';
import { answersAlike, type PublicHost, type PublicRoute } from '../../model/public-routes';
import type { HttpMethod } from '../../model/schema/service-schema';
import type { Service } from '../../model/service';
import { renderPathRefusal, renderRefusal } from '../retail-microservice/refusal';
import { READ_METHODS, renderRoute, retryConditions } from '../retail-microservice/route';
import { crossOriginHeaders, renderCorsPolicy, renderPreflightRoutes } from './cross-origin-routes';
import { renderStreamRoute, streamRules } from '../retail-microservice/stream-route';

/** Routes for external clients: the declared paths and methods only, the most specific path first. */
export function renderPublicRoutes({ routes }: Pick<PublicHost, 'routes'>) {
  const [first] = routes;
  if (first === undefined) return [];
  const [{ host }] = first.service.versions;
  const groups = groupsOf(routes);
  return reachable([
    renderPathRefusal(host),
    ...groups.flatMap((group) => renderStreams(group, 'webSocket')),
    // Envoy would switch protocols on any other route, and keep the connection open for ever.
    renderRefusal('protocol-upgrade', 400, [{ headers: { upgrade: { regex: '.+' } } }], host),
    // A read with a body would hold one of the connections of reads while the body arrives.
    renderRefusal(
      'body-of-a-read',
      400,
      READ_METHODS.map((exact) => ({
        method: { exact },
        headers: { 'content-length': { regex: numbersAbove(0) } },
      })),
      host,
    ),
    ...renderPreflightRoutes(routes),
    ...groups.flatMap((group) => [
      ...renderBodyLimits(group),
      ...renderStreams(group, 'http'),
      ...renderGroup(group),
    ]),
  ]);
}

/**
 * The rules without the conditions that an earlier rule has: a stream that is all of a route, or that is within the paths
 * of several.
 */
function reachable<Rule extends { readonly match: readonly object[] }>(rules: readonly Rule[]): Rule[] {
  const earlier = new Set<string>();
  return rules.flatMap((rule) => {
    const match = rule.match.filter((condition) => {
      const key = JSON.stringify(Object.entries(condition).sort());
      return !earlier.has(key) && earlier.add(key);
    });
    return match.length === 0 ? [] : [{ ...rule, match }];
  });
}

/** Routes of one service that may share a rule and its response headers, in the order of the host. */
interface RouteGroup {
  readonly service: Service;
  readonly members: PublicRoute[];
  readonly rank: number;
  /** Makes the names of its rules unique. */
  readonly suffix: string;
}

function groupsOf(routes: readonly PublicRoute[]): RouteGroup[] {
  const groups: RouteGroup[] = [];
  for (const route of routes) {
    const { service, rank } = route;
    const ofService = groups.filter((group) => group.service.name === service.name);
    const atRank = ofService.filter((candidate) => candidate.rank === rank);
    const group = atRank.find(({ members: [first] }) => first !== undefined && answersAlike(first, route));
    const letter = atRank.length === 0 ? '' : String.fromCharCode('a'.charCodeAt(0) + atRank.length);
    const suffix = ofService.length === 0 ? '' : `-${rank}${letter}`;
    if (group) group.members.push(route);
    else groups.push({ service, rank, members: [route], suffix });
  }
  return groups;
}

/**
 * External clients use HTTPS only: the load balancer redirects the rest. Without certificates on the hop to the gateway,
 * the gateway itself gets plain HTTP, and applications would build links and cookies for that.
 */
const ORIGINAL_REQUEST = { 'x-forwarded-proto': 'https' };

function renderHeaders({ responseHeaders: { set, add }, crossOrigin }: PublicRoute) {
  return {
    request: { set: ORIGINAL_REQUEST, remove: removedHeaders('fromClients') },
    response: {
      set: { ...set, ...crossOriginHeaders(crossOrigin) },
      ...(Object.keys(add).length > 0 && { add: { ...add } }),
      remove: removedHeaders('toClients'),
    },
  };
}

/** Reads, and requests with a body by their connection pool. */
function renderGroup({ service, members, suffix }: RouteGroup) {
  const [first] = members;
  if (first === undefined) return [];
  const { crossOrigin } = first;
  const declared = [...new Set(members.flatMap((route) => route.methods))];
  const pools = [...new Set(members.map(({ bodyPool }) => bodyPool))].filter((pool) => pool !== undefined);
  return [undefined, ...pools].flatMap((pool) => {
    const methods = pool === undefined ? READ_METHODS : BODY_METHODS;
    const match = members
      .filter(({ bodyPool }) => pool === undefined || bodyPool === pool)
      .flatMap((route) => matchesOf(route, methods));
    return match.length === 0
      ? []
      : [
          {
            name: `${service.name}-${pool ?? 'reads'}${suffix}`,
            match,
            headers: renderHeaders(first),
            ...(crossOrigin && { corsPolicy: renderCorsPolicy(crossOrigin, declared) }),
            ...renderRoute(service, retryConditions(service, methods), pool),
          },
        ];
  });
}

/** Streams of the group's paths. Browsers apply cross-origin rules to HTTP, but not to WebSockets. */
function renderStreams({ service, members, suffix }: RouteGroup, kind: 'webSocket' | 'http') {
  const [first] = members;
  if (first === undefined) return [];
  const { crossOrigin } = first;
  return streamRules(service, members)
    .filter(({ stream }) => stream.webSocket === (kind === 'webSocket'))
    .map(({ index, match, stream }) => ({
      name: `${service.name}-stream-${index}${suffix}`,
      match: [...match],
      headers: renderHeaders(first),
      ...(kind === 'http' && crossOrigin && { corsPolicy: renderCorsPolicy(crossOrigin, stream.methods) }),
      ...renderStreamRoute(service, stream),
    }));
}

const BYTES_IN_MEGABYTE = 1_000_000;

/** Answers 413 to requests that declare a longer body than their route takes: one rule for each limit. */
function renderBodyLimits({ service, members, suffix }: RouteGroup) {
  const limits = [...new Set(members.map(({ maxBodyMegabytes }) => maxBodyMegabytes))].sort((a, b) => a - b);
  return limits.flatMap((megabytes) => {
    const tooLong = { 'content-length': { regex: numbersAbove(megabytes * BYTES_IN_MEGABYTE) } };
    const match = members
      .filter(({ maxBodyMegabytes }) => maxBodyMegabytes === megabytes)
      .flatMap((route) => matchesOf(route, BODY_METHODS))
      .map((path) => ({ ...path, headers: tooLong }));
    const name = `${service.name}-body-above-${megabytes}mb${suffix}`;
    return match.length === 0 ? [] : [renderRefusal(name, 413, match, service.versions[0].host)];
  });
}

function matchesOf({ path, methods: declared }: PublicRoute, methods: readonly HttpMethod[]) {
  return declared
    .filter((method) => methods.includes(method))
    .map((method) => ({ uri: pathMatch(path), method: { exact: method } }));
}
