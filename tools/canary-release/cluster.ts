/** What the cluster says: ceilings, and whether a version's pods are ready. From kubectl, or a file of its JSON. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  WEIGHT_CAP_NAMESPACE,
  WEIGHT_CAP_SELECTOR,
  parseWeightCap,
  type WeightCap,
} from '../../model/canary/weight-cap';
import type { Environment } from '../../model/environment';
import { clusterLocation, clusterName } from '../../model/naming';
import type { Service, Version } from '../../model/service';
import { UsageError } from '../usage-error';

const list = z.object({ items: z.array(z.unknown()) });

/** @param file output of `kubectl get configmaps -n canary-rollback -l … -o json`; left out, kubectl is asked */
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

const deployment = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), generation: z.number() }),
  spec: z.object({
    replicas: z.number().default(1),
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string() })) }),
    }),
  }),
  status: z.object({
    observedGeneration: z.number().default(0),
    replicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
    availableReplicas: z.number().default(0),
  }),
});

/**
 * Why the version's pods cannot take traffic yet, in words; `undefined` if they can: the image is the committed
 * one, every pod runs it, and none of the old ones is left.
 *
 * @param file output of `kubectl get deployments -A -o json`; left out, kubectl is asked
 */
export function unreadiness(
  file: string | undefined,
  environment: Environment,
  { namespace }: Service,
  { workload, image }: Version,
): string | undefined {
  const args = ['get', 'deployments', '-n', namespace, '-o', 'json'];
  const text = file === undefined ? kubectl(args, environment, '--deployments') : read(file);
  const found = itemsOf(text, file ?? 'kubectl')
    .flatMap((item) => deployment.safeParse(item).data ?? [])
    .find(({ metadata }) => metadata.name === workload && metadata.namespace === namespace);
  if (found === undefined) return `there is no Deployment '${workload}' yet`;
  const { metadata, spec, status } = found;
  const images = spec.template.spec.containers.map((container) => container.image);
  if (!images.includes(image)) return `'${workload}' does not run ${image} yet`;
  if (spec.replicas === 0) return `'${workload}' has no pods: its Deployment is scaled to 0`;
  const isRolledOut =
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas >= spec.replicas &&
    status.availableReplicas >= spec.replicas &&
    status.replicas === status.updatedReplicas;
  return isRolledOut
    ? undefined
    : `${status.availableReplicas} of ${spec.replicas} pods of '${workload}' are ready, ${status.updatedReplicas} of ${status.replicas} with its image`;
}

function itemsOf(text: string, source: string): readonly unknown[] {
  try {
    return list.parse(JSON.parse(text)).items;
  } catch {
    throw new UsageError(
      `'${source}' gives no list of objects; it must be the output of 'kubectl get … -o json'`,
    );
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`'${file}' cannot be read: ${(error as Error).message}`);
  }
}

/** In the context that gcloud makes, so that a shell which points at another cluster cannot answer for this one. */
function kubectl(args: readonly string[], environment: Environment, option: string): string {
  const cluster = clusterName(environment.mesh.name);
  const location = clusterLocation(environment);
  const { id } = environment.project;
  const context = `gke_${id}_${location}_${cluster}`;
  const { status, stdout, stderr } = spawnSync('kubectl', ['--context', context, ...args], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (status === 0) return stdout;
  const [reason = ''] = (stderr ?? 'kubectl is not on the PATH').trim().split('\n');
  throw new UsageError(
    `the cluster did not answer (${reason}); run 'gcloud container clusters get-credentials ${cluster} --location ${location} --project ${id} --dns-endpoint', or give its objects with ${option}`,
  );
}
