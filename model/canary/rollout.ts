/** Whether the pods of a version can take traffic. */
import { z } from 'zod';
import type { Service, Version } from '../service';
import type { Blocker } from './blockers';

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
    conditions: z
      .array(
        z.object({ type: z.string(), reason: z.string().optional(), lastUpdateTime: z.string().optional() }),
      )
      .default([]),
  }),
});

/** The fields of a Kubernetes Deployment that describe its rollout. */
export type Rollout = z.output<typeof deployment>;

/** @returns `undefined` for an object that is not a Deployment */
export function parseRollout(object: unknown): Rollout | undefined {
  return deployment.safeParse(object).data;
}

/** None if the Deployment has the committed image, all of its pods run it, and no old pod is left. */
export function rolloutBlockers(
  { namespace }: Service,
  { workload, image }: Version,
  rollouts: readonly Rollout[],
): Blocker[] {
  const found = rollouts.find(
    ({ metadata }) => metadata.name === workload && metadata.namespace === namespace,
  );
  const reason =
    found === undefined ? `Deployment '${workload}' does not exist yet` : unreadiness(found, workload, image);
  return reason === undefined ? [] : [{ reason, fix: 'apply the plan and wait for the rollout' }];
}

/**
 * When all pods of the present image were available for the first time, in milliseconds since 1970. Later restarts and
 * the autoscaler do not change it.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#complete-deployment
 */
export function rolledOutAt({ status }: Rollout): number | undefined {
  const time = status.conditions.find(
    ({ type, reason }) => type === 'Progressing' && reason === 'NewReplicaSetAvailable',
  )?.lastUpdateTime;
  return time === undefined ? undefined : Date.parse(time);
}

function unreadiness(
  { metadata, spec, status }: Rollout,
  workload: string,
  image: string,
): string | undefined {
  if (!spec.template.spec.containers.some((container) => container.image === image))
    return `'${workload}' does not run ${image} yet`;
  if (spec.replicas === 0) return `'${workload}' has no pods: its Deployment is scaled to 0`;
  const isComplete =
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas >= spec.replicas &&
    status.availableReplicas >= spec.replicas &&
    status.replicas === status.updatedReplicas;
  return isComplete
    ? undefined
    : `'${workload}': ${status.availableReplicas} of ${spec.replicas} pods are available, ${status.updatedReplicas} of ${status.replicas} have the new image`;
}
