import { createServer } from 'node:http';
import { listenOnLoopback } from '../support/loopback';
import type { Teardown } from '../support/teardown';

export interface ClosedNetwork {
  /** Environment variables that direct every request here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Host and port of every request. */
  readonly requested: readonly string[];
}

/** A proxy that refuses and records every request. */
export async function startClosedNetwork(teardown: Teardown): Promise<ClosedNetwork> {
  const requested: string[] = [];
  const server = createServer((request, response) => {
    requested.push(request.url ?? '');
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    requested.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  const proxy = await listenOnLoopback(teardown, server);
  return {
    environment: {
      HTTPS_PROXY: proxy,
      https_proxy: proxy,
      HTTP_PROXY: proxy,
      http_proxy: proxy,
      NO_PROXY: '',
      no_proxy: '',
    },
    requested,
  };
}
