import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { type TLSSocket } from 'node:tls';
import { readFileSync } from 'node:fs';
import { LabError } from '../../support/errors';
import { type Teardown } from '../../support/teardown';
import { readCertificate, type Certificate } from './authority';

/** A request as the application behind the proxy got it. */
export interface Seen {
  /** Pod, or host name of a third party. */
  readonly at: string;
  /** Workload, or host name of a third party. */
  readonly by: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Server name that the client asked for with TLS; of third parties only. */
  readonly serverName: string | undefined;
  /** Milliseconds of `performance.now()`. */
  readonly time: number;
}

/** How an application answers; without any of it at once, and with 200. */
export interface Answer {
  readonly status?: number;
  readonly delayMs?: number;
  readonly body?: string;
  /** `hang` never answers, `reset` ends the connection instead. */
  readonly instead?: 'hang' | 'reset';
}

/** What the application does with a request; `undefined` leaves it to the behaviour set before. */
export type Behaviour = (request: Seen) => Answer | undefined | Promise<Answer | undefined>;

/** Requests of one experiment bear this header, so that experiments at the same time do not disturb each other. */
export const EXPERIMENT_HEADER = 'x-lab-experiment';

/** Every application of the lab, and every third party, in this process. */
export class Backends {
  private readonly behaviours = new Map<string, Behaviour[]>();
  private readonly seenBy = new Map<string, Seen[]>();
  private readonly connections = new Map<string, number>();
  private readonly servers: Server[] = [];
  private readonly applications = new Map<string, HttpServer>();
  private readonly sockets = new Set<Socket>();

  constructor(teardown: Teardown) {
    teardown.add(() => {
      for (const socket of this.sockets) socket.destroy();
      for (const server of this.servers) server.close();
    });
  }

  /** Sets what the workload, or the third party of that host name, does. Returns how to undo it. */
  behave(by: string, behaviour: Behaviour): () => void {
    const list = this.behaviours.get(by) ?? [];
    this.behaviours.set(by, list);
    list.unshift(behaviour);
    return () => void list.splice(list.indexOf(behaviour), 1);
  }

  /** Requests of an experiment, in the order in which they arrived anywhere. */
  seen(experiment: string): readonly Seen[] {
    return this.seenBy.get(experiment) ?? [];
  }

  /** Connections that came from the address so far, whatever came of them. */
  connectionsFrom(address: string): number {
    return this.connections.get(address) ?? 0;
  }

  /** An application that speaks HTTP. */
  async serveHttp(identity: Pick<Seen, 'at' | 'by'>, address: string, port: number): Promise<void> {
    const server = createHttpServer(
      { keepAliveTimeout: 60_000 },
      (request, response) => void this.answer(identity, request, response),
    );
    this.applications.set(identity.at, server);
    await this.listen(server, address, port);
  }

  /** The application of the pod ends: it answers what it has begun, and listens no more. */
  end(pod: string): void {
    const application = this.applications.get(pod);
    application?.close();
    application?.closeIdleConnections();
  }

  /** An application without a proxy, that speaks mutual TLS by itself. */
  async serveMutualTls(
    identity: Pick<Seen, 'at' | 'by'>,
    address: string,
    port: number,
    certificate: Certificate & { readonly rootFile: string },
  ): Promise<void> {
    const trusted = { ca: readFileSync(certificate.rootFile), requestCert: true };
    // What proxies of the mesh offer; the default of Node would end the handshake.
    const options = { ...readCertificate(certificate), ...trusted, ALPNProtocols: ['istio', 'http/1.1'] };
    const server = createHttpsServer({ ...options, keepAliveTimeout: 60_000 }, (request, response) => {
      void this.answer(identity, request, response);
    });
    await this.listen(server, address, port);
  }

  /** A third party that speaks HTTPS. Returns how to show another certificate from now on. */
  async serveHttps(
    identity: Pick<Seen, 'at' | 'by'>,
    address: string,
    port: number,
    certificate: Certificate,
  ): Promise<(other: Certificate) => void> {
    const server: HttpsServer = createHttpsServer(
      { ...readCertificate(certificate), keepAliveTimeout: 60_000 },
      (request, response) => {
        const { servername } = request.socket as Socket & { readonly servername?: string | false };
        void this.answer(identity, request, response, servername || undefined);
      },
    );
    await this.listen(server, address, port);
    return (other) => {
      server.setSecureContext(readCertificate(other));
      server.closeAllConnections();
    };
  }

  /** A server that sends back what it gets. */
  async serveTcp(address: string, port: number): Promise<void> {
    await this.listen(
      createTcpServer((socket) => socket.on('error', () => undefined).pipe(socket)),
      address,
      port,
    );
  }

  private async answer(
    identity: Pick<Seen, 'at' | 'by'>,
    request: IncomingMessage,
    response: ServerResponse,
    serverName?: string,
  ): Promise<void> {
    const seen: Seen = {
      ...identity,
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      serverName,
      time: performance.now(),
    };
    this.record(seen);
    request.resume();
    const answer = await this.decide(seen);
    if (answer.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
    if (answer.instead === 'hang') return;
    if (answer.instead === 'reset') return void request.socket.destroy();
    response.writeHead(answer.status ?? 200, {
      'x-lab-at': identity.at,
      'x-lab-by': identity.by,
      'x-lab-client': clientOf(request),
    });
    response.end(answer.body ?? identity.by);
  }

  private async decide(seen: Seen): Promise<Answer> {
    for (const behaviour of this.behaviours.get(seen.by) ?? []) {
      const answer = await behaviour(seen);
      if (answer) return answer;
    }
    return {};
  }

  private record(seen: Seen): void {
    const experiment = seen.headers[EXPERIMENT_HEADER];
    if (typeof experiment !== 'string') return;
    const list = this.seenBy.get(experiment);
    if (list) list.push(seen);
    else this.seenBy.set(experiment, [seen]);
  }

  private async listen(server: Server, address: string, port: number): Promise<void> {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      const from = socket.remoteAddress ?? '';
      this.connections.set(from, this.connectionsFrom(from) + 1);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'EACCES' ? new LabError(privileged(port)) : error),
      );
      server.listen(port, address, resolve);
    });
    this.servers.push(server);
  }
}

function privileged(port: number): string {
  return `this machine lets only root listen at port ${port}; be root, or run 'sysctl -w net.ipv4.ip_unprivileged_port_start=80'`;
}

/** Who asks, as the proxy in front says, or as the client's own certificate does where there is none. */
function clientOf({ headers, socket }: IncomingMessage): string {
  const names =
    'getPeerCertificate' in socket
      ? (socket as TLSSocket).getPeerX509Certificate()?.subjectAltName
      : undefined;
  return names?.replace('URI:', ';URI=') ?? String(headers['x-forwarded-client-cert'] ?? '');
}
