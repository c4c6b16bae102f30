import {
  type Agent as HttpAgent,
  type ClientRequest,
  request as httpRequest,
  type IncomingHttpHeaders,
} from 'node:http';
import { type Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import pLimit from 'p-limit';

export interface Request {
  /** Host header. */
  readonly host: string;
  /** @default 'GET' */
  readonly method?: string;
  /** @default '/' */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Address of the connection, independent of the Host header. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** Uses TLS with this client certificate, if any. The default server name is the Host header. */
  readonly tls?: {
    readonly cert?: Buffer | string;
    readonly key?: Buffer | string;
    readonly serverName?: string;
  };
  readonly agent?: HttpAgent | HttpsAgent;
}

export interface Reply {
  /** HTTP status, or the error code of the connection: `ECONNREFUSED`, `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`. */
  readonly status: number | string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly ms: number;
}

const LIMIT_MS = 30_000;

/** Sends one request. Connection errors are replies, not exceptions. */
export function send(target: Target, request: Request): Promise<Reply> {
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (reply: Omit<Reply, 'ms'>) => resolve({ ...reply, ms: performance.now() - started });
    const outgoing = open(target, request);
    const fail = (error: Error) => end({ status: codeOf(error), headers: {}, body: '' });
    outgoing.on('response', (response) => {
      const { statusCode = 0, headers } = response;
      text(response).then((body) => end({ status: statusCode, headers, body }), fail);
    });
    outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error(), { code: 'LAB_TIMEOUT' })));
    outgoing.on('error', fail);
    outgoing.end();
  });
}

/** A request whose body does not end. */
export interface SlowRequest {
  /** Status, or error code of the connection; undefined while it is open. */
  readonly outcome: () => number | string | undefined;
  readonly end: () => void;
}

/** Declares a body, and sends a byte of it now and then. */
export function sendSlowly(target: Target, request: Request, everyMs: number): SlowRequest {
  const outgoing = open(target, { ...request, headers: { 'content-length': '1000', ...request.headers } });
  let outcome: number | string | undefined;
  const timer = setInterval(() => outgoing.write('x'), everyMs);
  const settle = (seen: number | string) => {
    outcome ??= seen;
    clearInterval(timer);
  };
  outgoing.on('response', (response) => {
    settle(response.statusCode ?? 0);
    response.resume();
  });
  outgoing.on('error', (error) => settle(codeOf(error)));
  outgoing.write('x');
  return {
    outcome: () => outcome,
    end: () => {
      clearInterval(timer);
      outgoing.destroy();
    },
  };
}

/** A request that the caller writes and reads itself. */
export function open(target: Target, request: Request): ClientRequest {
  const { address, port, tls, agent } = target;
  const options = {
    host: address,
    port,
    method: request.method ?? 'GET',
    path: request.path ?? '/',
    headers: { host: request.host, ...request.headers },
    timeout: LIMIT_MS,
    agent: agent ?? false,
  } as const;
  return tls
    ? // Tests check the server's certificate themselves.
      httpsRequest({
        ...options,
        rejectUnauthorized: false,
        servername: tls.serverName ?? request.host.split(':')[0] ?? '',
        ...(tls.cert !== undefined && { cert: tls.cert }),
        ...(tls.key !== undefined && { key: tls.key }),
      })
    : httpRequest(options);
}

/** Sends `count` requests, at most `parallel` at a time. */
export function sendMany(count: number, parallel: number, one: () => Promise<Reply>): Promise<Reply[]> {
  return pLimit(parallel).map(Array.from({ length: count }), one);
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/** True if the server sends back the bytes that it receives. */
export function isReachable(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 2_000 });
    const end = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket.once('connect', () => socket.write('lab'));
    socket.once('data', () => end(true));
    for (const event of ['error', 'close', 'timeout']) socket.once(event, () => end(false));
  });
}
