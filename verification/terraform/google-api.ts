/** The Google APIs that the mesh-policies stack calls, on loopback. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { PipelineAccount } from '../../model/naming';
import { listenOnLoopback } from '../support/loopback';
import type { Teardown } from '../support/teardown';
import { renderClusterReply, type ClusterReplyOptions } from './cluster-reply';
import { refusal, ResourceStore, type StoreReply } from './resource-store';

export interface GoogleApi {
  /** Environment variables that direct the provider here, as the account. */
  readonly environment: (account: PipelineAccount) => Readonly<Record<string, string>>;
  /** Services, objectives and alerts of Cloud Monitoring. */
  readonly monitoring: ResourceStore;
  /** Method and path of every request so far. */
  readonly requests: readonly string[];
}

/**
 * GKE has one cluster; Cloud Monitoring stores resources, which the account that plans may only read. Requests to any
 * other API are refused, so that a stack which sends one fails instead of calling Google.
 */
export async function startGoogleApi(teardown: Teardown, cluster: ClusterReplyOptions): Promise<GoogleApi> {
  const monitoring = new ResourceStore();
  const requests: string[] = [];
  const clusterPath = `/container/v1/projects/${cluster.projectId}/locations/${cluster.location}/clusters/${cluster.name}`;

  const handle = (
    method: string,
    url: URL,
    body: Record<string, unknown>,
    authorization: string,
  ): StoreReply => {
    if (method === 'GET' && url.pathname === clusterPath)
      return { status: 200, body: renderClusterReply(cluster) };
    const [, name] = /^\/monitoring\/v3\/(.+)$/.exec(url.pathname) ?? [];
    if (name !== undefined && method !== 'GET' && authorization !== bearer('apply'))
      return refusal(403, 'PERMISSION_DENIED', `Permission denied on ${name}`);
    if (name !== undefined) return monitoring.handle(method, name, url.searchParams, body);
    return refusal(501, 'UNIMPLEMENTED', `the lab serves no ${method} ${url.pathname}`);
  };

  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      const body = sent === '' ? {} : (JSON.parse(sent) as Record<string, unknown>);
      const method = request.method ?? 'GET';
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      requests.push(`${method} ${url.pathname}`);
      const { status, body: reply } = handle(method, url, body, request.headers.authorization ?? '');
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    });
  });
  const base = await listenOnLoopback(teardown, server);
  return {
    environment: (account) => ({
      GOOGLE_OAUTH_ACCESS_TOKEN: account,
      // The provider appends the version, and removes one from https addresses only.
      GOOGLE_CONTAINER_CUSTOM_ENDPOINT: `${base}/container/`,
      GOOGLE_MONITORING_CUSTOM_ENDPOINT: `${base}/monitoring/`,
    }),
    monitoring,
    requests,
  };
}

function bearer(account: PipelineAccount): string {
  return `Bearer ${account}`;
}
