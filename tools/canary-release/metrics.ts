/** Evidence from a file, a Prometheus, or Cloud Monitoring, which has Prometheus' query API. */
import { readFileSync } from 'node:fs';
import { evidenceFrom, evidenceQueries, evidenceSchema, type Evidence } from '../../model/canary/evidence';
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';
import { UsageError } from '../command-line';
import { accessToken } from '../google-login';
import { request, type QueryApi } from './query-api';

/**
 * @param source file with evidence as JSON, or address of a Prometheus; by default the environment's project
 * @throws UsageError if the evidence cannot be read
 */
export async function readEvidence(
  source: string | undefined,
  environment: Environment,
  service: Service,
): Promise<Evidence> {
  if (source !== undefined && !/^https?:\/\//.test(source)) return readFile(source);
  const api = source === undefined ? cloudMonitoring(environment.project.id) : { address: source };
  const names = [...evidenceQueries(service)];
  const values = await Promise.all(names.map(([, query]) => request(api, query)));
  const results = new Map(names.map(([name], index) => [name, values[index] ?? new Map<string, number>()]));
  return evidenceFrom(results, service.slos.latency.thresholdMs);
}

/**
 * The address is fixed, because the token is sent to it.
 *
 * @see https://cloud.google.com/stackdriver/docs/managed-prometheus/query-api-ui
 */
function cloudMonitoring(projectId: string): QueryApi {
  return {
    address: `https://monitoring.googleapis.com/v1/projects/${projectId}/location/global/prometheus`,
    login: { token: accessToken(', or set another source with --metrics'), projectId },
  };
}

function readFile(path: string): Evidence {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`'${path}' is not valid evidence: ${(error as Error).message}`);
  }
  const { success, data, error } = evidenceSchema.safeParse(document);
  if (success) return data;
  const violations = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new UsageError(`'${path}' is not valid evidence: ${violations}`);
}
