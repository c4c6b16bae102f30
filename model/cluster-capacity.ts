/** Nodes, pods and requests of an environment at rest and at the maximum of every autoscaler. */
import type { Environment } from './environment';
import { machineShape } from './machine-types';

/** Nodes above the pool's maximum while one is upgraded. */
export const NODE_SURGE = 1;

/**
 * Pods and pod addresses of one node, by GKE's defaults.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr
 */
export const NODE_LIMITS = {
  standard: { pods: 110, addresses: 256 },
  autopilot: { pods: 32, addresses: 64 },
} as const;

/** Requests of one pod. */
export interface PodRequests {
  readonly cpuMillicores: number;
  readonly memoryMiB: number;
}

/** Requests of a gateway pod. */
export const GATEWAY_REQUESTS: PodRequests = { cpuMillicores: 250, memoryMiB: 256 };

/**
 * Requests of the sidecar proxy that the managed mesh injects.
 *
 * @see https://cloud.google.com/service-mesh/docs/operate-and-maintain/proxy-resources
 */
export const SIDECAR_REQUESTS: PodRequests = { cpuMillicores: 100, memoryMiB: 128 };

/** Pods of this product, and the sum of their requests. GKE's own pods come on top. */
export interface Demand extends PodRequests {
  readonly pods: number;
}

/** Demand with every autoscaler at its minimum or maximum. */
export function demandOf(environment: Environment, bound: 'minReplicas' | 'maxReplicas'): Demand {
  const { services, ingress, egress, externals } = environment;
  const gateways = [ingress, ...(externals.length > 0 ? [egress] : [])];
  const groups = [
    ...gateways.map((gateway) => ({ pods: gateway[bound], ...GATEWAY_REQUESTS })),
    ...services.flatMap(({ versions, autoscaling, resources }) =>
      versions.map(() => ({
        pods: autoscaling[bound],
        cpuMillicores: resources.cpuMillicores + SIDECAR_REQUESTS.cpuMillicores,
        memoryMiB: resources.memoryMiB + SIDECAR_REQUESTS.memoryMiB,
      })),
    ),
  ];
  return groups.reduce<Demand>(
    (sum, { pods, cpuMillicores, memoryMiB }) => ({
      pods: sum.pods + pods,
      cpuMillicores: sum.cpuMillicores + pods * cpuMillicores,
      memoryMiB: sum.memoryMiB + pods * memoryMiB,
    }),
    { pods: 0, cpuMillicores: 0, memoryMiB: 0 },
  );
}

/** Zones with nodes. A zonal cluster has nodes in its first zone only. */
export function nodeZoneCount({ zones, cluster }: Environment): number {
  return cluster.location === 'regional' ? zones.length : 1;
}

/** Nodes at the minimum and at the maximum of the node pool; undefined if Autopilot manages nodes. */
export function nodeCounts(
  environment: Environment,
): { readonly min: number; readonly max: number } | undefined {
  const { nodes, mode } = environment.cluster;
  if (mode === 'autopilot' || nodes === undefined) return undefined;
  const zones = nodeZoneCount(environment);
  return { min: zones * nodes.minPerZone, max: zones * nodes.maxPerZone };
}

/** What pods can request of one node. `memoryMiB` is undefined if the memory of the machine type is not known. */
export interface Allocatable {
  readonly cpuMillicores: number;
  readonly memoryMiB: number | undefined;
}

/** Parts of CPU and memory that GKE reserves on a node: up to so many units, this share of them. */
const RESERVED_CPU = [
  [1, 0.06],
  [1, 0.01],
  [2, 0.005],
  [Infinity, 0.0025],
] as const;
const RESERVED_MEMORY_GIB = [
  [4, 0.25],
  [4, 0.2],
  [8, 0.1],
  [112, 0.06],
  [Infinity, 0.02],
] as const;
const EVICTION_THRESHOLD_MIB = 100;

/** @see https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#resource_reservations */
export function allocatableOf(machineType: string): Allocatable {
  const { vcpus, memoryMiB } = machineShape(machineType);
  return {
    cpuMillicores: Math.floor((vcpus - reserved(vcpus, RESERVED_CPU)) * 1_000),
    memoryMiB:
      memoryMiB === undefined
        ? undefined
        : Math.floor(
            memoryMiB - reserved(memoryMiB / 1_024, RESERVED_MEMORY_GIB) * 1_024 - EVICTION_THRESHOLD_MIB,
          ),
  };
}

function reserved(total: number, parts: readonly (readonly [number, number])[]): number {
  let remaining = total;
  return parts.reduce((sum, [size, share]) => {
    const part = Math.min(size, remaining);
    remaining -= part;
    return sum + part * share;
  }, 0);
}
