/** Weight caps and rollouts of a cluster, read by kubectl or from a file with its JSON. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseRollout, type Rollout } from '../../model/canary/rollout';
import {
  WEIGHT_CAP_NAMESPACE,
  WEIGHT_CAP_SELECTOR,
  parseWeightCap,
  type WeightCap,
} from '../../model/canary/weight-cap';
import type { Environment } from '../../model/environment';
import { clusterLocation, clusterName } from '../../model/naming';
import { UsageError } from '../command-line';
import { isMissing, runSync } from '../process';

const list = z.object({ items: z.array(z.unknown()) });

/** @param file output of `kubectl get configmaps -n canary-rollback -l … -o json`; without it, kubectl runs */
export function readWeightCaps(file: string | undefined, environment: Environment): WeightCap[] {
  const args = ['get', 'configmaps', '-n', WEIGHT_CAP_NAMESPACE, '-l', WEIGHT_CAP_SELECTOR, '-o', 'json'];
  const text = file === undefined ? kubectl(args, environment, '--weight-caps') : read(file);
  return itemsOf(text, file ?? 'kubectl').map((item) => {
    try {
      return parseWeightCap(item);
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  });
}

/** @param file output of `kubectl get deployments -n <namespace> -o json`; without it, kubectl runs */
export function readRollouts(
  file: string | undefined,
  environment: Environment,
  namespace: string,
): Rollout[] {
  const args = ['get', 'deployments', '-n', namespace, '-o', 'json'];
  const text = file === undefined ? kubectl(args, environment, '--deployments') : read(file);
  return itemsOf(text, file ?? 'kubectl').flatMap((item) => parseRollout(item) ?? []);
}

function itemsOf(text: string, source: string): readonly unknown[] {
  try {
    return list.parse(JSON.parse(text)).items;
  } catch {
    throw new UsageError(
      `'${source}' is not a list of Kubernetes objects; use the output of 'kubectl get … -o json'`,
    );
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read '${file}': ${(error as Error).message}`);
  }
}

/**
 * Adds the cluster to the configuration of kubectl.
 *
 * @throws UsageError if gcloud is missing or fails
 */
export function loginToCluster(environment: Environment): void {
  const [program, ...args] = credentialsCommand(environment);
  const result = runSync(program, args, { timeout: 60_000 });
  if (result.exitCode === 0) return;
  const [reason = ''] = (isMissing(result) ? `${program} is not on the PATH` : result.stderr)
    .trim()
    .split('\n');
  throw new UsageError(
    `cannot log in to the cluster of '${environment.name}' (${reason}); log in to Google Cloud, or set --deployments`,
  );
}

function credentialsCommand(environment: Environment): readonly [string, ...string[]] {
  const cluster = clusterName(environment.mesh.name);
  const location = clusterLocation(environment);
  const where = ['--location', location, '--project', environment.project.id, '--dns-endpoint'];
  return ['gcloud', 'container', 'clusters', 'get-credentials', cluster, ...where];
}

/** In the context that gcloud creates: the current context of the shell may be another cluster. */
function kubectl(args: readonly string[], environment: Environment, option: string): string {
  const cluster = clusterName(environment.mesh.name);
  const location = clusterLocation(environment);
  const { id } = environment.project;
  const context = `gke_${id}_${location}_${cluster}`;
  const result = runSync('kubectl', ['--context', context, ...args], { timeout: 30_000 });
  if (result.exitCode === 0) return result.stdout;
  const message = isMissing(result) ? 'kubectl is not on the PATH' : result.stderr;
  const [reason = ''] = message.trim().split('\n');
  throw new UsageError(
    `cannot read from the cluster (${reason}); run '${credentialsCommand(environment).join(' ')}', or set ${option}`,
  );
}
