import { type Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface Request {
  /** Host header: whom the request is for. */
  readonly host: string;
  /** @default 'GET' */
  readonly method?: string;
  /** @default '/' */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where the request is sent to, whatever its Host header says. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** With TLS, as this client; its server name is the Host header's unless given. */
  readonly tls?: {
    readonly cert?: Buffer | string;
    readonly key?: Buffer | string;
    readonly serverName?: string;
  };
  readonly agent?: HttpAgent | HttpsAgent;
}

export interface Reply {
  /** HTTP status, or the connection's fault: `ECONNREFUSED`, `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`. */
  readonly status: number | string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly ms: number;
}

const LIMIT_MS = 30_000;

/** Sends one request; whatever comes of it is a reply, never an exception. */
export function send(target: Target, request: Request): Promise<Reply> {
  const { address, port, tls, agent } = target;
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (reply: Omit<Reply, 'ms'>) => resolve({ ...reply, ms: performance.now() - started });
    const options = {
      host: address,
      port,
      method: request.method ?? 'GET',
      path: request.path ?? '/',
      headers: { host: request.host, ...request.headers },
      timeout: LIMIT_MS,
      agent: agent ?? false,
    } as const;
    const outgoing = tls
      ? // Whose certificate the server shows is what some of the checks are about, so they look themselves.
        httpsRequest({
          ...options,
          rejectUnauthorized: false,
          servername: tls.serverName ?? request.host.split(':')[0] ?? '',
          ...(tls.cert !== undefined && { cert: tls.cert }),
          ...(tls.key !== undefined && { key: tls.key }),
        })
      : httpRequest(options);
    outgoing.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', (error) => end({ status: codeOf(error), headers: {}, body: '' }));
      response.on('end', () =>
        end({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        }),
      );
    });
    outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error(), { code: 'LAB_TIMEOUT' })));
    outgoing.on('error', (error) => end({ status: codeOf(error), headers: {}, body: '' }));
    outgoing.end();
  });
}

/** Sends `count` requests, at most `parallel` at a time. */
export async function sendMany(count: number, parallel: number, one: () => Promise<Reply>): Promise<Reply[]> {
  const replies: Reply[] = [];
  let begun = 0;
  const lane = async () => {
    while (begun < count) {
      begun += 1;
      replies.push(await one());
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, count) }, lane));
  return replies;
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
