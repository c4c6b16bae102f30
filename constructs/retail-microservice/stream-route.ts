/** Renders the rules of streams, which come before those of other requests to the same paths. */
import { pathMatch } from '../../model/path-pattern';
import { duration } from '../../model/quantity';
import type { Service, Stream } from '../../model/service';
import { streamHost, streamsWithin, type StreamMatch } from '../../model/streams';

/** One rule. */
export interface StreamRule {
  /** Unique among the streams of the service: its position in the file. */
  readonly index: number;
  readonly match: readonly StreamRuleMatch[];
  readonly stream: Stream;
}

interface StreamRuleMatch {
  readonly uri: ReturnType<typeof pathMatch>;
  readonly method: { readonly exact: string };
  readonly headers?: { readonly upgrade: { readonly regex: string } };
}

/** The value in any case. */
const WEBSOCKET_UPGRADE = { upgrade: { regex: '[wW][eE][bB][sS][oO][cC][kK][eE][tT]' } };

/** Rules for the streams among the requests of the routes, one for each stream of the file. */
export function streamRules(
  service: Service,
  routes: readonly Parameters<typeof streamsWithin>[1][],
): StreamRule[] {
  const matches = routes.flatMap((route) => streamsWithin(service, route));
  return service.streams.flatMap((stream, index) => {
    const own = matches.filter((match) => match.stream === stream).flatMap(renderMatches);
    // Two routes may have the stream's paths in common.
    const match = [...new Map(own.map((entry) => [JSON.stringify(entry), entry])).values()];
    return match.length === 0 ? [] : [{ index, match, stream }];
  });
}

/** Every stream of the service, for callers inside of the mesh. */
export function meshStreamRules(service: Service): StreamRule[] {
  return streamRules(
    service,
    service.streams.flatMap(({ methods, paths }) => paths.map((path) => ({ methods, path }))),
  );
}

/** Destination, time limit and retries of a stream. */
export function renderStreamRoute(service: Service, { maxDurationSeconds }: Stream) {
  const host = streamHost(service);
  if (host === undefined) throw new Error(`${service.name} has no streams`);
  return {
    route: [{ destination: { host, port: { number: 80 } }, weight: 100 }],
    timeout: duration(maxDurationSeconds * 1_000),
    retries: { attempts: 0 },
  };
}

function renderMatches({ stream, methods, path }: StreamMatch): StreamRuleMatch[] {
  return methods.map((method) => ({
    uri: pathMatch(path),
    method: { exact: method },
    ...(stream.webSocket && { headers: WEBSOCKET_UPGRADE }),
  }));
}
