/**
 * Stands in for Connect Gateway: plain HTTP in, the API server behind it, and the caller's identity on the way.
 * Beside it, what else the guard asks: a token, the alerts that are open, and the topic that starts the pipeline.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Kubernetes } from '../kubernetes/api-server';
import type { Teardown } from '../support/teardown';

/** What happens to a request: it goes through, is answered at once, or the caller dies before or after it. */
export type InjectedFault = 'pass' | 'unavailable' | 'die before' | 'die after';

export type Decision = (place: number, request: string) => InjectedFault | Promise<InjectedFault>;

export interface ConnectGateway {
  /** Under which the API server's paths begin. */
  readonly clusterUrl: string;
  readonly pipelineUrl: string;
  readonly incidentsUrl: string;
  readonly tokenUrl: string;
  /** Method and path of every request to the API server and the pipeline, in order. */
  readonly requests: string[];
  /** Bytes of every answer of the API server, in order: an execution holds what it has read. */
  readonly answers: number[];
  /** Ceilings of which the pipeline was told, in order. */
  readonly pipelineRuns: string[];
  /** Says what Cloud Monitoring has open from now on, as its API lists it; `undefined` forbids to ask. */
  readonly openAlerts: (alerts: readonly object[] | undefined) => void;
  /** Decides on every request from now on, by its place: 0 for the first of them. */
  readonly decideBy: (faultFor: Decision) => void;
  /** How to end the caller. */
  readonly killBy: (kill: () => void) => void;
}

const PREFIX = '/v1/projects/1/locations/lab/gkeMemberships/lab';
const PIPELINE = '/v1/projects/lab/topics/pipeline:publish';
const INCIDENTS = '/v3/projects/lab/alerts';

/** @param guard identity that the API server sees */
export async function startConnectGateway(
  teardown: Teardown,
  kubernetes: Kubernetes,
  rollbackController: string,
): Promise<ConnectGateway> {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const token = `of-${rollbackController}`;
  let alerts: readonly object[] | undefined = [];
  let faultFor: Decision = () => 'pass';
  let place = -1;
  let kill = () => undefined as void;
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const path = request.url ?? '';
      if (path === '/token') return json(response, 200, { access_token: token, expires_in: 3_600 });
      if (request.headers.authorization !== `Bearer ${token}`) return json(response, 401, { error: 'token' });
      const name = `${request.method ?? ''} ${path.replace(PREFIX, '').replace(/\?.*/, '')}`;
      gateway.requests.push(name);
      const fault = await faultFor((place += 1), name);
      if (fault === 'unavailable') return json(response, 503, { error: 'try again' });
      if (fault === 'die before') return kill();
      const answer = await answerTo(request, path, body);
      if (fault === 'die after') return kill();
      response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
    });
  });

  const answerTo = async (request: IncomingMessage, path: string, body: Buffer): Promise<Answer> => {
    if (path === PIPELINE) {
      const { messages } = JSON.parse(body.toString()) as {
        messages: { attributes: { weightCap: string } }[];
      };
      gateway.pipelineRuns.push(...messages.map(({ attributes }) => attributes.weightCap));
      return { status: 200, type: 'application/json', body: '{"messageIds":["1"]}' };
    }
    if (path.startsWith(`${INCIDENTS}?`)) return listed(alerts, path);
    const answer = await forward(
      agent,
      kubernetes,
      rollbackController,
      request,
      path.slice(PREFIX.length),
      body,
    );
    gateway.answers.push(Buffer.byteLength(answer.body));
    return answer;
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  teardown.add(() => {
    server.closeAllConnections();
    server.close();
    agent.destroy();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gateway: ConnectGateway = {
    clusterUrl: `${origin}${PREFIX}`,
    pipelineUrl: `${origin}${PIPELINE}`,
    incidentsUrl: `${origin}${INCIDENTS}`,
    openAlerts: (open) => {
      alerts = open;
    },
    tokenUrl: `${origin}/token`,
    requests: [],
    answers: [],
    pipelineRuns: [],
    decideBy: (decide) => {
      faultFor = decide;
      place = -1;
    },
    killBy: (end) => {
      kill = end;
    },
  };
  return gateway;
}

/** Google's APIs may return fewer than were asked for; one, so that two alerts are two pages. */
const PAGE_SIZE = 1;

/** Lists and tokens that are empty are left out, as Google's APIs do. */
function listed(alerts: readonly object[] | undefined, path: string): Answer {
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

interface Answer {
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
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = httpsRequest(
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
        void bodyOf(response).then((text) =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            body: text,
          }),
        );
      },
    );
    onward.on('error', reject);
    onward.end(body);
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
