/** Requests of a real run, so that they can be judged again where no Terraform provider is available. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { selectStacks } from '../../../tools/synthesized-stacks';
import { projectRoot } from '../../support/project-root';
import type { Project } from '../engine/world';
import type { JournalEntry } from '../server/journal';

export interface RecordedRequest {
  readonly verb: string;
  readonly host: string;
  readonly target: string;
  readonly body: string;
  readonly status: number;
}

export interface Transcript {
  readonly environment: string;
  /** ISO 8601; dates in requests are judged as of then. */
  readonly recordedAt: string;
  readonly project: Project;
  /** SHA-256 of each stack's JSON: what the requests were made from. */
  readonly stacks: Readonly<Record<string, string>>;
  /** Every request that changes something, in order, and one read of each method. */
  readonly requests: readonly RecordedRequest[];
}

export function recordTranscript(
  environment: string,
  project: Project,
  outputFolder: string,
  entries: readonly JournalEntry[],
  recordedAt: string,
): Transcript {
  const { projectId, projectNumber, region, services, accounts } = project;
  const read = new Set<string>();
  const requests = entries.filter(({ verb, method, injected, status }) => {
    if (injected !== undefined || method === undefined) return false;
    if (verb !== 'GET') return true;
    if (read.has(method) || status !== 200) return false;
    read.add(method);
    return true;
  });
  return {
    environment,
    recordedAt,
    project: { projectId, projectNumber, region, services, accounts },
    stacks: stackHashes(outputFolder, environment),
    requests: requests.map(({ verb, host, target, body, status }) => ({ verb, host, target, body, status })),
  };
}

export function stackHashes(outputFolder: string, environment: string): Record<string, string> {
  return Object.fromEntries(
    selectStacks(outputFolder, environment, []).map(({ id, folder }) => [
      id,
      createHash('sha256')
        .update(readFileSync(join(folder, 'cdk.tf.json')))
        .digest('hex'),
    ]),
  );
}

export function writeTranscript(transcript: Transcript): void {
  const file = fileOf(transcript.environment);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, gzipSync(JSON.stringify(transcript), { level: 9 }));
}

/** Undefined if none was recorded. */
export function readTranscript(environment: string): Transcript | undefined {
  const file = fileOf(environment);
  if (!existsSync(file)) return undefined;
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Transcript;
}

function fileOf(environment: string): string {
  return join(projectRoot(), 'verification', 'cloud-lab', 'transcripts', `${environment}.json.gz`);
}
