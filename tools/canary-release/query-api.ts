/** Asks an API that answers as Prometheus does: a Prometheus, or Cloud Monitoring. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UsageError } from '../usage-error';

export interface QueryApi {
  /** Under which `/api/v1/query` lies. */
  readonly address: string;
  /** Google's; any other API is asked without. */
  readonly login?: {
    readonly token: string;
    readonly projectId: string;
  };
}

/** Longer than any answer takes, shorter than a person waits. */
const TIMEOUT_SECONDS = 30;
/** Before the second try and the third, where another try may go better. */
const WAITS_SECONDS = [1, 2];
/** What Google says is quoted, but not at any length. */
const LONGEST_QUOTE = 200;

const answer = z.object({
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

const complaint = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/**
 * @returns a value for each label `le`, or one for none
 * @throws UsageError in one sentence that says what to do
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
      // A token is for this address and for no other.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1_000),
    });
  } catch (error) {
    throw noMetrics(api, reasonOf(error), 'try again, or name another source with --metrics');
  }
}

async function read(api: QueryApi, response: Response): Promise<ReadonlyMap<string, number>> {
  const body = await response.json().catch(() => undefined);
  if (!response.ok) {
    const detail = quote(complaint.safeParse(body).data?.error);
    throw noMetrics(api, `status ${response.status}${detail}`, fixFor(response.status, api));
  }
  const { success, data: parsed } = answer.safeParse(body);
  if (!success) throw noMetrics(api, 'that is no answer of Prometheus', 'name another source with --metrics');
  return new Map(parsed.data.result.map(({ metric, value }) => [metric['le'] ?? '', Number(value[1])]));
}

function fixFor(status: number, { login }: QueryApi): string {
  if (status === 429 || status >= 500) return 'wait a minute and try again';
  if (login === undefined) return 'see that it is the address of a Prometheus that lets everybody ask';
  switch (status) {
    case 401:
      return "the login has expired: run 'gcloud auth login', or renew GOOGLE_OAUTH_ACCESS_TOKEN";
    case 403:
      return `the login needs roles/monitoring.viewer in project '${login.projectId}', and the project the API monitoring.googleapis.com`;
    case 404:
      return `see that project '${login.projectId}' exists`;
    default:
      return 'name another source with --metrics, and report this';
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
  if (name === 'TimeoutError') return `no answer in ${TIMEOUT_SECONDS} s`;
  return cause instanceof Error ? cause.message : message;
}

/** On one line, without what a terminal would obey. */
function quote(error: z.infer<typeof complaint>['error'] | undefined): string {
  if (error === undefined) return '';
  const text = typeof error === 'string' ? error : error.message;
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return ` (${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line})`;
}
