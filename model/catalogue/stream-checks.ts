/** Checks of the streams of one service. */
import { pathsOverlap } from '../path-pattern';
import type { ServiceSpec } from '../schema/service-schema';
import type { SpecViolation } from './parse';

type StreamSpec = ServiceSpec['streams'][number];

export function checkStreams({ streams, protocol }: ServiceSpec): SpecViolation[] {
  return streams.flatMap((stream, index) => [
    ...checkPaths(stream, index),
    ...(stream.webSocket ? checkWebSocket(stream, index, protocol) : []),
    ...streams.slice(0, index).flatMap((other) => checkOverlap(stream, other, index)),
  ]);
}

function checkPaths({ paths }: StreamSpec, index: number): SpecViolation[] {
  const position = paths.indexOf('/*');
  if (position < 0) return [];
  return [
    {
      path: ['streams', index, 'paths', position],
      rule: "'/*' makes every request a stream, without timeout, retries and latency objective",
      fix: 'give streams paths of their own',
    },
  ];
}

function checkWebSocket(
  { methods }: StreamSpec,
  index: number,
  protocol: ServiceSpec['protocol'],
): SpecViolation[] {
  const findings: SpecViolation[] = [];
  if (methods.some((method) => method !== 'GET')) {
    findings.push({
      path: ['streams', index, 'methods'],
      rule: `[${methods.join(', ')}] is not how a WebSocket is opened`,
      fix: 'use [GET]',
    });
  }
  if (protocol !== 'http') {
    findings.push({
      path: ['streams', index, 'webSocket'],
      rule: `a WebSocket needs HTTP/1.1, but the service has protocol '${protocol}'`,
      fix: "use protocol 'http', or a gRPC or HTTP/2 stream",
    });
  }
  return findings;
}

/** A WebSocket may share its path with a stream for clients without WebSockets. */
function checkOverlap(stream: StreamSpec, other: StreamSpec, index: number): SpecViolation[] {
  const overlaps =
    stream.webSocket === other.webSocket &&
    stream.methods.some((method) => other.methods.includes(method)) &&
    stream.paths.some((path) => other.paths.some((taken) => pathsOverlap(path, taken)));
  if (!overlaps) return [];
  return [
    {
      path: ['streams', index, 'paths'],
      rule: `[${stream.paths.join(', ')}] overlaps with the stream [${other.paths.join(', ')}]`,
      fix: 'use distinct methods or paths, or one entry',
    },
  ];
}
