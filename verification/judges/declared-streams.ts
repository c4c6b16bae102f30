/** Streams as the catalogue declares them: which requests open one, and what they need. */
import type { Environment } from '../../model/environment';
import { removedHeaders } from '../../model/header-policy';
import type { Service } from '../../model/service';
import { declaredRoutes, pathCovers } from './declared-requests';
import type { Outcome, RoutedRequest } from './route-evaluator';

type Stream = Service['streams'][number];

export function streamHostOf({ name, namespace }: Service): string {
  return `${name}-streams.${namespace}.svc.cluster.local`;
}

/** The stream that the request opens. A WebSocket is opened by a request to switch protocols. */
export function openedStream(
  { streams }: Service,
  { method, path, headers }: RoutedRequest,
): Stream | undefined {
  const switches = headers?.['upgrade']?.toLowerCase() === 'websocket';
  const fits = (stream: Stream) =>
    (stream.methods as readonly string[]).includes(method) &&
    stream.paths.some((one) => pathCovers(one, path));
  return (
    (switches ? streams.find((stream) => stream.webSocket && fits(stream)) : undefined) ??
    streams.find((stream) => !stream.webSocket && fits(stream))
  );
}

/** Streams go to the stable version, once, for as long as they declare. */
export function streamOutcome(service: Service, stream: Stream, isPublic: boolean): Outcome {
  return {
    destinations: [`${streamHostOf(service)}:80 100 %`],
    timeoutMs: stream.maxDurationSeconds * 1_000,
    attempts: 0,
    perTryMs: undefined,
    retryOn: [],
    removedFromRequest: isPublic ? [...removedHeaders('fromClients')].sort() : [],
    removedFromResponse: isPublic ? [...removedHeaders('toClients')].sort() : [],
  };
}

/** One backend of the load balancer for streams. */
export interface DeclaredBackend {
  readonly kind: 'streams' | 'websockets';
  readonly timeoutsSeconds: readonly number[];
  /** Patterns by name of the public host. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

export function declaredBackends(environment: Environment): DeclaredBackend[] {
  return (['streams', 'websockets'] as const).flatMap((kind) => {
    const opened = declaredRoutes(environment).flatMap((route) =>
      route.service.streams
        .filter(({ webSocket }) => webSocket === (kind === 'websockets'))
        .filter(({ methods }) => methods.some((method) => route.methods.includes(method)))
        .flatMap((stream) =>
          stream.paths.map((path) => ({ stream, path: common(path, route.path), host: route.host })),
        )
        .flatMap(({ path, ...rest }) => (path === undefined ? [] : [{ ...rest, path }])),
    );
    if (opened.length === 0) return [];
    const hosts = [...new Set(opened.map(({ host }) => host))];
    return [
      {
        kind,
        timeoutsSeconds: opened.map(({ stream }) =>
          kind === 'streams' ? stream.maxDurationSeconds : stream.idleTimeoutSeconds,
        ),
        paths: new Map(
          hosts.map((host) => [
            host,
            [...new Set(opened.filter((it) => it.host === host).map(({ path }) => path))].sort(),
          ]),
        ),
      },
    ];
  });
}

/** Time that a pod needs to end its requests and streams. */
export function longestEndMs(service: Service, streams: readonly Stream[] = service.streams): number {
  return Math.max(service.timeoutMs, ...streams.map(({ drainSeconds }) => drainSeconds * 1_000));
}

/** The streams that external clients may open. */
export function publicStreamsOf(environment: Environment, service: Service): Stream[] {
  const routes = declaredRoutes(environment).filter((route) => route.service === service);
  return service.streams.filter((stream) =>
    routes.some(
      (route) =>
        stream.methods.some((method) => route.methods.includes(method)) &&
        stream.paths.some((path) => common(path, route.path) !== undefined),
    ),
  );
}

/** The narrower of two patterns, if one lies within the other. */
function common(one: string, other: string): string | undefined {
  if (one === other || pathCovers(other, one.replace(/\*$/, ''))) return one;
  return pathCovers(one, other.replace(/\*$/, '')) ? other : undefined;
}
