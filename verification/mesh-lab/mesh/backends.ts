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
import { echoWebSockets } from './websocket';

/** Who receives a request. */
export interface Receiver {
  /** Pod, or host name of a third party. */
  readonly pod: string;
  /** Workload, or host name of a third party. */
  readonly workload: string;
}

/** A request as the application behind the proxy received it. */
export interface ReceivedRequest extends Receiver {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Server name indication of the TLS connection; only for third parties. */
  readonly serverName: string | undefined;
  /** Milliseconds of `performance.now()`. */
  readonly time: number;
}

/** Response of an application. @default 200 without a delay */
export interface AppResponse {
  readonly status?: number;
  readonly delayMs?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Writes the body in place of `body`, after the headers. It may take as long as it needs. */
  readonly write?: (response: ServerResponse) => void;
  /** The body is the number of bytes received, once the request has ended. @default false */
  readonly countsBody?: boolean;
  /** `hang` sends no response, `reset` closes the connection. */
  readonly fault?: 'hang' | 'reset';
}

/** Handles a request; `undefined` leaves it to the behaviour that was set before. */
export type Behaviour = (
  request: ReceivedRequest,
) => AppResponse | undefined | Promise<AppResponse | undefined>;

/** Marks the requests of an experiment, so that concurrent experiments do not affect each other. */
export const EXPERIMENT_HEADER = 'x-lab-experiment';

/** The applications and third parties of the lab, all in this process. */
export class Backends {
  private readonly behaviours = new Map<string, Behaviour[]>();
  private readonly receivedBy = new Map<string, ReceivedRequest[]>();
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

  /**
   * Sets how a workload or third party responds.
   *
   * @returns undoes it
   */
  behave(workload: string, behaviour: Behaviour): () => void {
    const list = this.behaviours.get(workload) ?? [];
    this.behaviours.set(workload, list);
    list.unshift(behaviour);
    return () => void list.splice(list.indexOf(behaviour), 1);
  }

  /** Requests of an experiment to any workload, in order of arrival. */
  received(experiment: string): readonly ReceivedRequest[] {
    return this.receivedBy.get(experiment) ?? [];
  }

  /** Number of connections from the address, including failed ones. */
  connectionsFrom(address: string): number {
    return this.connections.get(address) ?? 0;
  }

  /** Starts an HTTP application. */
  async serveHttp(receiver: Receiver, address: string, port: number): Promise<void> {
    const server = createHttpServer(
      { keepAliveTimeout: 60_000 },
      (request, response) => void this.respond(receiver, request, response),
    );
    echoWebSockets(server);
    this.applications.set(receiver.pod, server);
    await this.listen(server, address, port);
  }

  /** Ends the application of a pod: it finishes open requests and stops listening. */
  end(pod: string): void {
    const application = this.applications.get(pod);
    application?.close();
    application?.closeIdleConnections();
  }

  /** Starts an application without a proxy that terminates mutual TLS itself. */
  async serveMutualTls(
    receiver: Receiver,
    address: string,
    port: number,
    certificate: Certificate & { readonly rootFile: string },
  ): Promise<void> {
    const trusted = { ca: readFileSync(certificate.rootFile), requestCert: true };
    // The protocols that proxies of the mesh offer; with Node's default the handshake fails.
    const options = { ...readCertificate(certificate), ...trusted, ALPNProtocols: ['istio', 'http/1.1'] };
    const server = createHttpsServer({ ...options, keepAliveTimeout: 60_000 }, (request, response) => {
      void this.respond(receiver, request, response);
    });
    echoWebSockets(server);
    await this.listen(server, address, port);
  }

  /**
   * Starts a third party with HTTPS.
   *
   * @returns replaces its certificate
   */
  async serveHttps(
    receiver: Receiver,
    address: string,
    port: number,
    certificate: Certificate,
  ): Promise<(other: Certificate) => void> {
    const server: HttpsServer = createHttpsServer(
      { ...readCertificate(certificate), keepAliveTimeout: 60_000 },
      (request, response) => {
        const { servername } = request.socket as Socket & { readonly servername?: string | false };
        void this.respond(receiver, request, response, servername || undefined);
      },
    );
    await this.listen(server, address, port);
    return (other) => {
      server.setSecureContext(readCertificate(other));
      server.closeAllConnections();
    };
  }

  /** Starts a TCP echo server. */
  async serveTcp(address: string, port: number): Promise<void> {
    await this.listen(
      createTcpServer((socket) => socket.on('error', () => undefined).pipe(socket)),
      address,
      port,
    );
  }

  /**
   * Accepts connections and never answers, like a pod on a lost node: the handshake of TLS does not end.
   *
   * @returns stops it
   */
  async serveSilence(address: string, port: number): Promise<() => void> {
    const server = createTcpServer((socket) => socket.on('error', () => undefined).resume());
    await this.listen(server, address, port);
    return () => {
      server.close();
      for (const socket of this.sockets) if (socket.localAddress === address) socket.destroy();
    };
  }

  private async respond(
    receiver: Receiver,
    request: IncomingMessage,
    response: ServerResponse,
    serverName?: string,
  ): Promise<void> {
    const received: ReceivedRequest = {
      ...receiver,
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      serverName,
      time: performance.now(),
    };
    this.record(received);
    let receivedBytes = 0;
    request.on('data', (chunk: Buffer) => void (receivedBytes += chunk.length));
    const wholeBody = new Promise<void>((resolve) => void request.once('end', resolve));
    const answer = await this.decide(received);
    if (answer.countsBody) await wholeBody;
    if (answer.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
    if (answer.fault === 'hang') return;
    if (answer.fault === 'reset') return void request.socket.destroy();
    response.writeHead(answer.status ?? 200, {
      'x-lab-pod': receiver.pod,
      'x-lab-workload': receiver.workload,
      'x-lab-client': clientOf(request),
      ...answer.headers,
    });
    if (answer.write) return answer.write(response);
    response.end(answer.countsBody ? String(receivedBytes) : (answer.body ?? receiver.workload));
  }

  private async decide(received: ReceivedRequest): Promise<AppResponse> {
    for (const behaviour of this.behaviours.get(received.workload) ?? []) {
      const response = await behaviour(received);
      if (response) return response;
    }
    return {};
  }

  private record(received: ReceivedRequest): void {
    const experiment = received.headers[EXPERIMENT_HEADER];
    if (typeof experiment !== 'string') return;
    const list = this.receivedBy.get(experiment);
    if (list) list.push(received);
    else this.receivedBy.set(experiment, [received]);
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
        reject(error.code === 'EACCES' ? new LabError(describePrivilege(port)) : error),
      );
      server.listen(port, address, resolve);
    });
    this.servers.push(server);
  }
}

function describePrivilege(port: number): string {
  return `only root may listen on port ${port} of this machine; run as root, or run 'sysctl -w net.ipv4.ip_unprivileged_port_start=80'`;
}

/** Identity of the client: from its certificate, or from the header of the proxy that terminated TLS. */
function clientOf({ headers, socket }: IncomingMessage): string {
  const names =
    'getPeerCertificate' in socket
      ? (socket as TLSSocket).getPeerX509Certificate()?.subjectAltName
      : undefined;
  return names?.replace('URI:', ';URI=') ?? String(headers['x-forwarded-client-cert'] ?? '');
}
