/**
 * Replaces the Google APIs that the rollback workflow calls: Connect Gateway, which forwards to the API server with the
 * caller's identity, the token endpoint, Cloud Monitoring's list of alerts, and the topic that starts the pipeline.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { PIPELINE_MESSAGE_ATTRIBUTE } from '../../model/canary/rollback-workflow';
import type { Kubernetes } from '../kubernetes/api-server';
import { listenOnLoopback } from '../support/loopback';
import type { Teardown } from '../support/teardown';

/** What happens to a request: it passes, it gets status 503, or the caller is killed before or after it. */
export type InjectedFault = 'pass' | 'unavailable' | 'kill before' | 'kill after';

/** @param index 0 for the first request */
export type ChooseFault = (index: number, request: string) => InjectedFault | Promise<InjectedFault>;

export interface ConnectGateway {
  /** The paths of the Kubernetes API start from here. */
  readonly clusterUrl: string;
  readonly pipelineUrl: string;
  readonly incidentsUrl: string;
  readonly tokenUrl: string;
  /** Method and path of every request except those for tokens, in order. */
  readonly requests: string[];
  /** Bytes of every response of the API server, in order. They count towards the memory of an execution. */
  readonly responseBytes: number[];
  /** Names of the weight caps of which the pipeline was notified, in order. */
  readonly pipelineRuns: string[];
  /** Sets the open alerts of Cloud Monitoring in the form of its API; `undefined` makes every request fail with 403. */
  readonly setOpenAlerts: (alerts: readonly object[] | undefined) => void;
  /** Injects faults into the requests from now on; their indices start at 0 again. */
  readonly injectFaults: (chooseFault: ChooseFault) => void;
  /** Sets how to kill the caller. */
  readonly killBy: (kill: () => void) => void;
}

const PREFIX = '/v1/projects/1/locations/lab/gkeMemberships/lab';
const PIPELINE = '/v1/projects/lab/topics/pipeline:publish';
const INCIDENTS = '/v3/projects/lab/alerts';

/** @param rollbackController identity that the API server sees */
export async function startConnectGateway(
  teardown: Teardown,
  kubernetes: Kubernetes,
  rollbackController: string,
): Promise<ConnectGateway> {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const token = `token-of-${rollbackController}`;
  let alerts: readonly object[] | undefined = [];
  let chooseFault: ChooseFault = () => 'pass';
  let index = -1;
  let kill = () => undefined as void;
  const server = createServer((request, response) => {
    void buffer(request).then(async (body) => {
      const path = request.url ?? '';
      if (path === '/token') return json(response, 200, { access_token: token, expires_in: 3_600 });
      if (request.headers.authorization !== `Bearer ${token}`) return json(response, 401, { error: 'token' });
      const name = `${request.method ?? ''} ${path.replace(PREFIX, '').replace(/\?.*/, '')}`;
      gateway.requests.push(name);
      const fault = await chooseFault((index += 1), name);
      if (fault === 'unavailable') return json(response, 503, { error: 'unavailable' });
      if (fault === 'kill before') return kill();
      const reply = await replyTo(request, path, body);
      if (fault === 'kill after') return kill();
      response.writeHead(reply.status, { 'content-type': reply.type }).end(reply.body);
    });
  });

  const replyTo = async (request: IncomingMessage, path: string, body: Buffer): Promise<Reply> => {
    if (path === PIPELINE) {
      const { messages } = JSON.parse(body.toString()) as {
        messages: { attributes: Record<typeof PIPELINE_MESSAGE_ATTRIBUTE, string> }[];
      };
      gateway.pipelineRuns.push(...messages.map(({ attributes }) => attributes[PIPELINE_MESSAGE_ATTRIBUTE]));
      return { status: 200, type: 'application/json', body: '{"messageIds":["1"]}' };
    }
    if (path.startsWith(`${INCIDENTS}?`)) return listAlerts(alerts, path);
    const reply = await forward(
      agent,
      kubernetes,
      rollbackController,
      request,
      path.slice(PREFIX.length),
      body,
    );
    gateway.responseBytes.push(Buffer.byteLength(reply.body));
    return reply;
  };

  teardown.add(() => agent.destroy());
  const origin = await listenOnLoopback(teardown, server);
  const gateway: ConnectGateway = {
    clusterUrl: `${origin}${PREFIX}`,
    pipelineUrl: `${origin}${PIPELINE}`,
    incidentsUrl: `${origin}${INCIDENTS}`,
    setOpenAlerts: (open) => {
      alerts = open;
    },
    tokenUrl: `${origin}/token`,
    requests: [],
    responseBytes: [],
    pipelineRuns: [],
    injectFaults: (choose) => {
      chooseFault = choose;
      index = -1;
    },
    killBy: (end) => {
      kill = end;
    },
  };
  return gateway;
}

/** Google's APIs may return fewer items than requested. With one, two alerts need two pages. */
const PAGE_SIZE = 1;

/** Omits empty lists and empty tokens, as Google's APIs do. */
function listAlerts(alerts: readonly object[] | undefined, path: string): Reply {
  const { searchParams } = new URL(path, 'http://127.0.0.1');
  if (alerts === undefined) return { status: 403, type: 'application/json', body: '{}' };
  if (searchParams.get('filter') !== 'state = "OPEN"')
    return { status: 400, type: 'application/json', body: '{}' };
  const start = Number(searchParams.get('pageToken') ?? 0);
  const page = alerts.slice(start, start + PAGE_SIZE);
  const next = start + page.length;
  const body = {
    ...(page.length > 0 && { alerts: page }),
    ...(next < alerts.length && { nextPageToken: String(next) }),
  };
  return { status: 200, type: 'application/json', body: JSON.stringify(body) };
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer | string;
}

function forward(
  agent: Agent,
  kubernetes: Kubernetes,
  rollbackController: string,
  request: IncomingMessage,
  path: string,
  body: Buffer,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const forwarded = httpsRequest(
      new URL(path, kubernetes.url),
      {
        method: request.method,
        agent,
        headers: {
          authorization: `Bearer ${kubernetes.tokenOf(rollbackController)}`,
          accept: 'application/json',
          'content-type': request.headers['content-type'] ?? 'application/json',
        },
      },
      (response) => {
        void buffer(response).then((received) =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            body: received,
          }),
        );
      },
    );
    forwarded.on('error', reject);
    forwarded.end(body);
  });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
