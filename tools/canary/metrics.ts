/** Evidence from a file, a Prometheus, or Cloud Monitoring, which answers in Prometheus' words. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { evidenceFrom, evidenceQueries, evidenceSchema, type Evidence } from '../../model/canary/evidence';
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';
import { UsageError } from '../usage-error';

/** Longer than any answer takes, shorter than a person waits. */
const TIMEOUT_MS = 30_000;

/**
 * @param source file with evidence as JSON, or address of a Prometheus; left out, the environment's project
 * @throws UsageError in one sentence if it cannot be had
 */
export async function readEvidence(
  source: string | undefined,
  environment: Environment,
  service: Service,
): Promise<Evidence> {
  if (source !== undefined && !/^https?:\/\//.test(source)) return readFile(source);
  const base = source ?? monitoringAddress(environment.project.id);
  const token = source === undefined ? accessToken() : undefined;
  const names = [...evidenceQueries(service)];
  const values = await Promise.all(names.map(([, query]) => ask(base, query, token)));
  const answers = new Map(names.map(([name], index) => [name, values[index] ?? new Map<string, number>()]));
  return evidenceFrom(answers, service.slos.latency.thresholdMs);
}

/** @see https://cloud.google.com/stackdriver/docs/managed-prometheus/query-api-ui */
function monitoringAddress(projectId: string): string {
  return `https://monitoring.googleapis.com/v1/projects/${projectId}/location/global/prometheus`;
}

function readFile(path: string): Evidence {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`'${path}' is no evidence: ${(error as Error).message}`);
  }
  const { success, data, error } = evidenceSchema.safeParse(document);
  if (success) return data;
  const faults = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new UsageError(`'${path}' is no evidence: ${faults}`);
}

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

async function ask(
  base: string,
  query: string,
  token: string | undefined,
): Promise<ReadonlyMap<string, number>> {
  const address = `${base.replace(/\/$/, '')}/api/v1/query`;
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      body: new URLSearchParams({ query }),
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    const { cause, message } = error as Error;
    throw new UsageError(
      `no metrics from ${address}: ${cause instanceof Error ? cause.message : message}; name another source with --metrics`,
    );
  }
  if (!response.ok)
    throw new UsageError(
      `no metrics from ${address}: status ${response.status}${response.status === 401 || response.status === 403 ? '; the login needs roles/monitoring.viewer' : ''}`,
    );
  const parsed = answer.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new UsageError(`no metrics from ${address}: that is no answer of Prometheus`);
  return new Map(parsed.data.data.result.map(({ metric, value }) => [metric['le'] ?? '', Number(value[1])]));
}

/** As Terraform's provider takes it, otherwise of whoever is logged in. */
function accessToken(): string {
  const given = process.env['GOOGLE_OAUTH_ACCESS_TOKEN'];
  if (given !== undefined && given !== '') return given;
  const { status, stdout } = spawnSync('gcloud', ['auth', 'print-access-token'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (status === 0) return stdout.trim();
  throw new UsageError(
    "nobody is logged in to Google Cloud; run 'gcloud auth login', set GOOGLE_OAUTH_ACCESS_TOKEN, or name another source with --metrics",
  );
}
