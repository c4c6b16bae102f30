/** Google Cloud on loopback: an HTTPS proxy that answers for *.googleapis.com and refuses every other host. */
import { readFileSync } from 'node:fs';
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Authority } from '../../mesh-lab/mesh/authority';
import type { Teardown } from '../../support/teardown';
import { Discovery } from '../discovery/discovery';
import { Api, type ApiResponse } from '../engine/api';
import { CloudEngine } from '../engine/engine';
import type { Switches } from '../engine/switches';
import { CloudState, type Project } from '../engine/world';
import { PRODUCTS } from '../products';
import type { ChartRepository } from '../cluster/chart-repository';
import type { Permissions } from './permissions';
import type { StateBucket } from './state-bucket';
import { faultResponse, FaultPlan } from './faults';
import { Journal } from './journal';

export interface CloudOptions {
  /** For keys and certificates. */
  readonly folder: string;
  /** Folder of the discovery documents. */
  readonly documents: string;
  readonly project: Project;
  readonly switches: Switches;
  /** E-mail address of the account that a token belongs to; undefined for unknown tokens. */
  readonly accountOf: (token: string) => string | undefined;
  /** Another host that the proxy answers for. */
  readonly charts?: ChartRepository;
  /** Bucket of the Terraform state. @default none */
  readonly stateBucket?: StateBucket;
  /** @default every account may call every method */
  readonly permissions?: Permissions;
}

export interface Cloud {
  readonly world: CloudState;
  readonly journal: Journal;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** PEM file of the authority that signed the certificate. */
  readonly caFile: string;
  /** Replaces the faults that are injected from now on. */
  inject(plan: FaultPlan): void;
  /** Called before each request that changes something; for tests that interrupt a run. */
  onChange(listener: (target: string) => void): void;
}

export async function startCloud(teardown: Teardown, options: CloudOptions): Promise<Cloud> {
  const authority = await Authority.create(join(options.folder, 'authority'));
  const { charts } = options;
  const world = new CloudState(options.project, { ...options.switches });
  const server = new CloudServer(
    new Api(new Discovery(options.documents), new CloudEngine(world, PRODUCTS)),
    options,
  );
  const inner = createHttps(
    await tlsOf(authority, '*.googleapis.com'),
    (request, response) =>
      void server.answer(request, response, request.headers.host ?? '', request.url ?? '/'),
  );
  if (charts !== undefined) inner.addContext(charts.host, await tlsOf(authority, charts.host));
  const innerPort = await listen(teardown, inner);
  const outer = createHttp((request, response) => {
    // Programs without a proxy setting, such as Node's fetch: http://127.0.0.1:<port>/host/gkehub.googleapis.com/v1/…
    const [, host, target] = /^\/host\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    if (host !== undefined && target !== undefined) void server.answer(request, response, host, target);
    else response.writeHead(403).end();
  });
  outer.on('connect', (request, socket) => {
    const isServed =
      /^[\w.-]+\.googleapis\.com:443$/.test(request.url ?? '') || request.url === `${charts?.host}:443`;
    if (!isServed) {
      server.journal.add(refusedHost(request.url ?? ''));
      return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    }
    const upstream = connect(innerPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    return socket.on('error', () => upstream.destroy());
  });
  const port = await listen(teardown, outer);
  return {
    world,
    journal: server.journal,
    url: `http://127.0.0.1:${port}`,
    caFile: authority.rootFile,
    inject: (plan) => (server.faults = plan),
    onChange: (listener) => (server.changeListener = listener),
  };
}

class CloudServer {
  readonly journal = new Journal();
  faults = new FaultPlan([]);
  changeListener: (target: string) => void = () => undefined;

  constructor(
    private readonly api: Api,
    private readonly options: CloudOptions,
  ) {}

  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    hostAndPort: string,
    target: string,
  ): Promise<void> {
    const [host = ''] = hostAndPort.split(':');
    const { charts, accountOf } = this.options;
    if (host === charts?.host) {
      const file = charts.file(target);
      return void response.writeHead(file === undefined ? 404 : 200).end(file);
    }
    const verb = request.method ?? 'GET';
    const body = await readBody(request);
    const account = accountOf((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    const { stateBucket } = this.options;
    if (host === 'storage.googleapis.com' && stateBucket !== undefined) {
      const contentType = request.headers['content-type'] ?? '';
      const reply = stateBucket.answer({ verb, target, contentType, body, account: account ?? '' });
      return void response.writeHead(reply.status, reply.headers).end(reply.body);
    }
    if (verb !== 'GET') this.changeListener(target);
    if (host === 'openidconnect.googleapis.com')
      return send(response, { status: 200, body: { email: account } });
    const recorded = { account: account ?? 'unknown', host, verb, target, body };
    const fault = account === undefined ? 'unauthorized-401' : this.faults.next(verb, host, target);
    if (fault !== undefined && fault !== 'lost-response') {
      const reply = faultResponse(fault);
      this.journal.add({
        ...recorded,
        method: undefined,
        status: reply.status,
        findings: [],
        injected: fault,
      });
      return send(response, reply);
    }
    const judged = this.api.judge({ host, verb, target, body }, (method, name) =>
      this.options.permissions?.require(account ?? '', method, name),
    );
    this.journal.add({
      ...recorded,
      method: judged.method,
      status: judged.response.status,
      findings: judged.findings,
      ...(fault !== undefined && { injected: fault }),
    });
    if (fault === 'lost-response') {
      request.socket.destroy();
      return;
    }
    send(response, judged.response);
  }
}

async function tlsOf(authority: Authority, dns: string) {
  const { certificateFile, keyFile } = await authority.issue({ dns });
  return { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
}

function refusedHost(address: string) {
  const findings = [{ severity: 'note' as const, message: `connection to ${address} was refused` }];
  return {
    account: '',
    host: address,
    verb: 'CONNECT',
    target: '',
    body: '',
    method: undefined,
    status: 403,
    findings,
  };
}

function send(response: ServerResponse, { status, body }: ApiResponse): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

async function listen(teardown: Teardown, server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  teardown.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
