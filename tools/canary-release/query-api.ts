/** Client for the query API of Prometheus, which Cloud Monitoring has too. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UsageError } from '../command-line';

export interface QueryApi {
  /** Prefix of `/api/v1/query`. */
  readonly address: string;
  /** For Google only. */
  readonly login?: {
    readonly token: string;
    readonly projectId: string;
  };
}

const TIMEOUT_SECONDS = 30;
/** Before the second and the third attempt. */
const WAITS_SECONDS = [1, 2];
/** Of a quoted error message. */
const LONGEST_QUOTE = 200;

const success = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string().refine((text) => Number.isFinite(Number(text)))]),
      }),
    ),
  }),
});

const failure = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/**
 * @returns a value for each label `le`; a sample without the label has the key ''
 * @throws UsageError with reason and fix
 */
export async function request(api: QueryApi, query: string): Promise<ReadonlyMap<string, number>> {
  for (const wait of WAITS_SECONDS) {
    const response = await send(api, query);
    if (response.status !== 429 && response.status < 500) return read(api, response);
    await response.body?.cancel();
    await sleep(wait * 1_000);
  }
  return read(api, await send(api, query));
}

async function send(api: QueryApi, query: string): Promise<Response> {
  try {
    return await fetch(queryAddress(api), {
      method: 'POST',
      body: new URLSearchParams({ query }),
      ...(api.login && { headers: { authorization: `Bearer ${api.login.token}` } }),
      // The token must not reach another address.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1_000),
    });
  } catch (error) {
    throw noMetrics(api, reasonOf(error), 'repeat the command, or set another source with --metrics');
  }
}

async function read(api: QueryApi, response: Response): Promise<ReadonlyMap<string, number>> {
  const body = await response.json().catch(() => undefined);
  if (!response.ok) {
    const detail = quote(failure.safeParse(body).data?.error);
    throw noMetrics(api, `status ${response.status}${detail}`, fixFor(response.status, api));
  }
  const parsed = success.safeParse(body);
  if (!parsed.success)
    throw noMetrics(api, 'the response is not from Prometheus', 'set another source with --metrics');
  return new Map(parsed.data.data.result.map(({ metric, value }) => [metric['le'] ?? '', Number(value[1])]));
}

function fixFor(status: number, { login }: QueryApi): string {
  if (status === 429 || status >= 500) return 'wait a minute and repeat the command';
  if (login === undefined) return 'set --metrics to a Prometheus without authentication';
  switch (status) {
    case 401:
      return "the login has expired: run 'gcloud auth login', or renew GOOGLE_OAUTH_ACCESS_TOKEN";
    case 403:
      return `grant the login roles/monitoring.viewer in project '${login.projectId}', and enable monitoring.googleapis.com there`;
    case 404:
      return `check that project '${login.projectId}' exists`;
    default:
      return 'set another source with --metrics, and report this';
  }
}

function noMetrics(api: QueryApi, reason: string, fix: string): UsageError {
  return new UsageError(`no metrics from ${queryAddress(api)}: ${reason}; ${fix}`);
}

function queryAddress({ address }: QueryApi): string {
  return `${address.replace(/\/$/, '')}/api/v1/query`;
}

function reasonOf(error: unknown): string {
  const { name, cause, message } = error as Error;
  if (name === 'TimeoutError') return `no response in ${TIMEOUT_SECONDS} s`;
  return cause instanceof Error ? cause.message : message;
}

/** On one line, without control characters. */
function quote(error: z.infer<typeof failure>['error'] | undefined): string {
  if (error === undefined) return '';
  const text = typeof error === 'string' ? error : error.message;
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return ` (${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line})`;
}
