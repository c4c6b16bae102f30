/** Client for the parts of the Cloud Monitoring API that a page test needs. */
import { z } from 'zod';
import { UsageError } from '../command-line';

const TIMEOUT_SECONDS = 30;

const failure = z.object({ error: z.object({ message: z.string() }) });
const named = z.looseObject({ name: z.string() });
const channels = z.object({
  notificationChannels: z
    .array(
      named.extend({
        displayName: z.string().default(''),
        labels: z.record(z.string(), z.string()).default({}),
        enabled: z.boolean().default(true),
        verificationStatus: z.string().optional(),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});
const policies = z.object({
  alertPolicies: z.array(named).default([]),
  nextPageToken: z.string().optional(),
});
const alerts = z.object({
  alerts: z.array(z.looseObject({ policy: named })).default([]),
  nextPageToken: z.string().optional(),
});

export type NotificationChannel = z.infer<typeof channels>['notificationChannels'][number];

/** Sends a request below `https://monitoring.googleapis.com/v3/`. */
export type SendToMonitoring = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
) => Promise<{ readonly status: number; readonly body: unknown }>;

/** The address is fixed, because the token is sent to it. */
export function monitoringOf(token: string): SendToMonitoring {
  return async (method, path, body) => {
    const response = await fetch(`https://monitoring.googleapis.com/v3/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1_000),
    }).catch((error: Error) => {
      throw new UsageError(
        `Cloud Monitoring cannot be reached: ${error.cause instanceof Error ? error.cause.message : error.message}; check the network and repeat the command`,
      );
    });
    return { status: response.status, body: await response.json().catch(() => undefined) };
  };
}

export class Monitoring {
  constructor(
    private readonly projectId: string,
    private readonly send: SendToMonitoring,
  ) {}

  channels(): Promise<NotificationChannel[]> {
    return this.pages('notificationChannels', '', (body) => {
      const page = channels.parse(body);
      return { items: page.notificationChannels, next: page.nextPageToken };
    });
  }

  /** Names of the policies with the user label. */
  async policiesLabelled(key: string, value: string): Promise<string[]> {
    const found = await this.pages('alertPolicies', `user_labels.${key}="${value}"`, (body) => {
      const page = policies.parse(body);
      return { items: page.alertPolicies, next: page.nextPageToken };
    });
    return found.map(({ name }) => name);
  }

  /** Names of the policies that have an open incident. */
  async policiesWithOpenAlert(): Promise<string[]> {
    const found = await this.pages('alerts', 'state="OPEN"', (body) => {
      const page = alerts.parse(body);
      return { items: page.alerts, next: page.nextPageToken };
    });
    return found.map(({ policy }) => policy.name);
  }

  /** @returns name of the policy */
  async createPolicy(policy: object): Promise<string> {
    const body = await this.request('POST', `projects/${this.projectId}/alertPolicies`, policy);
    return named.parse(body).name;
  }

  /** Does nothing if the policy does not exist. */
  async deletePolicy(name: string): Promise<void> {
    await this.request('DELETE', name, undefined, [404]);
  }

  private async pages<T>(
    collection: string,
    filter: string,
    read: (body: unknown) => { readonly items: T[]; readonly next: string | undefined },
  ): Promise<T[]> {
    const found: T[] = [];
    for (let token: string | undefined = ''; token !== undefined;) {
      const query = new URLSearchParams({
        pageSize: '100',
        ...(filter !== '' && { filter }),
        ...(token !== '' && { pageToken: token }),
      });
      const body = await this.request('GET', `projects/${this.projectId}/${collection}?${query.toString()}`);
      const { items, next } = read(body ?? {});
      found.push(...items);
      token = next === '' ? undefined : next;
    }
    return found;
  }

  private async request(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    accepted: readonly number[] = [],
  ): Promise<unknown> {
    const response = await this.send(method, path, body);
    if (response.status < 300 || accepted.includes(response.status)) return response.body;
    const reason = failure.safeParse(response.body).data?.error.message ?? 'no reason given';
    throw new UsageError(
      `Cloud Monitoring refused ${method} ${path.split('?')[0]} (${response.status}): ${reason}; ${this.fixFor(response.status)}`,
    );
  }

  private fixFor(status: number): string {
    if (status === 401) return "run 'gcloud auth login', or renew GOOGLE_OAUTH_ACCESS_TOKEN";
    if (status === 403)
      return `grant the login roles/monitoring.alertPolicyEditor and roles/monitoring.viewer in project '${this.projectId}'`;
    return 'repeat the command in a minute';
  }
}
