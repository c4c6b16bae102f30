/** Which requests to a service are streams, for routes of public hosts and of callers alike. */
import { streamServiceName, serviceHost } from './naming';
import { isMoreSpecific } from './path-pattern';
import type { HttpMethod } from './schema/service-schema';
import type { Access, Service, Stream } from './service';

type Streaming = Pick<Service, 'streams'>;

/** Requests of one route that are streams of one kind. */
export interface StreamMatch {
  readonly stream: Stream;
  readonly methods: readonly HttpMethod[];
  readonly path: string;
}

/** Host of the stable version that streams go to; `undefined` without streams. */
export function streamHost({
  name,
  namespace,
  streams,
}: Pick<Service, 'name' | 'namespace' | 'streams'>): string | undefined {
  return streams.length === 0 ? undefined : serviceHost(streamServiceName(name), namespace);
}

/** Every host that a caller of the service sends requests to. */
export function calledHosts(service: Service): string[] {
  const ofStreams = streamHost(service);
  return [
    service.host,
    ...service.versions.map(({ host }) => host),
    ...(ofStreams === undefined ? [] : [ofStreams]),
  ];
}

/** The streams among the requests of a route. */
export function streamsWithin(
  { streams }: Streaming,
  route: { readonly methods: readonly HttpMethod[]; readonly path: string },
): StreamMatch[] {
  return streams.flatMap((stream) => {
    const methods = stream.methods.filter((method) => route.methods.includes(method));
    if (methods.length === 0) return [];
    return stream.paths.flatMap((path) => {
      const common = narrowerPath(path, route.path);
      return common === undefined ? [] : [{ stream, methods, path: common }];
    });
  });
}

/** Streams that external clients may open. */
export function publicStreams({ ingress, streams }: Pick<Service, 'ingress' | 'streams'>): StreamMatch[] {
  return ingress.flatMap(({ methods, paths }) =>
    paths.flatMap((path) => streamsWithin({ streams }, { methods, path })),
  );
}

/** Whether all that the access allows is a stream of the service. */
export function isStreamOnly({ streams }: Streaming, { methods, paths }: Access): boolean {
  return methods.every((method) =>
    paths.every((path) =>
      streams.some(
        (stream) =>
          stream.methods.includes(method) &&
          stream.paths.some((outer) => outer === path || isMoreSpecific(path, outer)),
      ),
    ),
  );
}

/** Whether nobody sends the service anything but streams. */
export function servesStreamsOnly(service: Service, services: readonly Service[]): boolean {
  return (
    service.streams.length > 0 &&
    callersAccess(service, services).every((access) => isStreamOnly(service, access))
  );
}

/** What external clients and the other services may send to the service. */
export function callersAccess(service: Service, services: readonly Service[]): readonly Access[] {
  const calls = services.flatMap(({ versions }) =>
    versions.flatMap((version) => version.calls.filter((call) => call.service === service.name)),
  );
  return [...service.ingress, ...calls];
}

/** Time that requests and streams get to end when a pod terminates. */
export function longestDrainMs(
  { timeoutMs }: Pick<Service, 'timeoutMs'>,
  streams: readonly Stream[],
): number {
  return Math.max(timeoutMs, ...streams.map(({ drainSeconds }) => drainSeconds * 1_000));
}

/** Streams that one client proxy may have open. */
export function mostOpenStreams({ streams }: Streaming): number {
  return streams.reduce((sum, { maxOpen }) => sum + maxOpen, 0);
}

/** The pattern that allows what both allow; `undefined` if that is nothing. */
function narrowerPath(left: string, right: string): string | undefined {
  if (left === right || isMoreSpecific(left, right)) return left;
  return isMoreSpecific(right, left) ? right : undefined;
}
