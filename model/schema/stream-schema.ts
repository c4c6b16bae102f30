/** Requests that stay open: server-sent events, WebSockets, uploads, downloads, long polls, gRPC streams. */
import { z } from 'zod';
import { httpMethod, pathPattern, uniqueList } from './primitives';

const stream = z.strictObject({
  methods: uniqueList(httpMethod).describe('Methods that open the stream. A WebSocket is opened by GET.'),
  paths: uniqueList(pathPattern).describe(
    "Paths of the stream, within those of 'ingress' and of callers' 'calls', which still decide who may open it.",
  ),
  webSocket: z
    .boolean()
    .default(false)
    .describe(
      'true lets clients switch to the WebSocket protocol on these paths, and only there. Google ends a WebSocket after 24 h.',
    ),
  maxDurationSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(3_600)
    .describe(
      'Load balancer and proxies end the stream after this time, in place of timeoutMs. Clients open it again. Has no effect on a WebSocket.',
    ),
  idleTimeoutSeconds: z
    .int()
    .min(10)
    .max(600)
    .default(60)
    .describe(
      'Time without data after which the load balancer closes a WebSocket, and proxies check whether the other side still exists. Send something at least twice in this time.',
    ),
  drainSeconds: z
    .int()
    .min(0)
    .max(300)
    .default(30)
    .describe(
      'Time that open streams get to end when their pod terminates. Then they are cut, and clients open them again on another pod.',
    ),
  maxOpen: z
    .int()
    .min(1)
    .max(100_000)
    .default(500)
    .describe('Open streams of one client proxy. Further ones get 503. They do not count in circuitBreaker.'),
});

export const streams = z
  .array(stream)
  .default([])
  .describe(
    'Requests that stay open. They are not retried, have no timeoutMs and no latency objective, and are served by the stable version only.',
  );
