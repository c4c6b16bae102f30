/** Backends of the load balancer. All lead to the ingress gateway; they differ in protocol and time limit. */
import { INGRESS_GATEWAY } from './naming';
import { publicHosts, type PublicHost, type RoutedEnvironment } from './public-routes';
import type { Stream } from './service';
import { streamsWithin } from './streams';

/** A backend for streams. */
export interface StreamBackend {
  readonly kind: 'streams' | 'websockets';
  /** Of its Kubernetes Service, health check and policy. */
  readonly name: string;
  readonly timeoutSeconds: number;
  /** Path patterns by id of the public host. */
  readonly paths: ReadonlyMap<PublicHost['id'], readonly string[]>;
}

/** Lets the timeout of the gateway end a request first, with a proper response. */
const MARGIN_SECONDS = 5;

/**
 * Google ends a response after the timeout of its backend, whether or not data flows, and a WebSocket only if it is
 * idle for so long. It carries WebSockets over HTTP/1.1 only.
 *
 * @see https://cloud.google.com/load-balancing/docs/https/request-distribution
 */
export function streamBackends(environment: RoutedEnvironment): readonly StreamBackend[] {
  return [
    backend(environment, 'streams', (stream) =>
      stream.webSocket ? undefined : stream.maxDurationSeconds + MARGIN_SECONDS,
    ),
    backend(environment, 'websockets', (stream) =>
      stream.webSocket ? stream.idleTimeoutSeconds : undefined,
    ),
  ].filter(({ paths }) => paths.size > 0);
}

/** @param timeoutOf the time limit that a stream needs; `undefined` if it belongs to another backend */
function backend(
  environment: RoutedEnvironment,
  kind: StreamBackend['kind'],
  timeoutOf: (stream: Stream) => number | undefined,
): StreamBackend {
  const timeouts: number[] = [];
  const paths = publicHosts(environment).flatMap(({ id, routes }) => {
    const own = routes
      .flatMap((route) => streamsWithin(route.service, route))
      .flatMap(({ stream, path }) => {
        const timeout = timeoutOf(stream);
        if (timeout === undefined) return [];
        timeouts.push(timeout);
        return [path];
      });
    return own.length === 0 ? [] : [[id, [...new Set(own)].sort()] as const];
  });
  return {
    kind,
    name: `${INGRESS_GATEWAY.name}-${kind}`,
    timeoutSeconds: Math.max(0, ...timeouts),
    paths: new Map(paths),
  };
}
