/** Quota of Compute Engine that an environment needs, computed from its file. */
import { demandOf, NODE_SURGE, nodeCounts, nodeZoneCount } from './cluster-capacity';
import type { Environment } from './environment';
import { machineShape } from './machine-types';

/** One quota, with what the environment uses of it. */
export interface QuotaDemand {
  /** Name in Compute Engine's API, such as `N2_CPUS`. */
  readonly metric: string;
  /** Quotas of the project, or of one region. */
  readonly scope: 'project' | 'region';
  readonly unit: 'vCPUs' | 'GB' | 'addresses' | 'VMs' | 'resources';
  /** With every autoscaler at its minimum, and during the first apply. */
  readonly atRest: number;
  /** With every autoscaler at its maximum, and one node above during upgrades. */
  readonly atPeak: number;
  /** Metric that the VMs count against if the project has no quota of the first. */
  readonly instead?: string;
}

/** GKE creates one node in each zone with the default pool, before Terraform replaces it: e2-medium, 100 GB. */
const TEMPORARY_NODE = { vcpus: 2, diskGB: 100, metric: 'CPUS' } as const;
/** Machines of Autopilot's general-purpose platform count against it. */
const AUTOPILOT_METRIC = 'CPUS';
const SPOT_METRIC = 'PREEMPTIBLE_CPUS';

/**
 * Quotas by metric. GKE's own pods, AlloyDB and Cloud SQL, and machine series with a quota by family come on top.
 *
 * @see https://cloud.google.com/compute/resource-usage
 */
export function quotaDemand(environment: Environment): readonly QuotaDemand[] {
  const { natAddressCount } = environment.network;
  const constant = (
    metric: string,
    scope: QuotaDemand['scope'],
    unit: QuotaDemand['unit'],
    count: number,
  ) => ({
    metric,
    scope,
    unit,
    atRest: count,
    atPeak: count,
  });
  return [
    ...nodeDemand(environment),
    constant('IN_USE_ADDRESSES', 'region', 'addresses', natAddressCount),
    constant('STATIC_ADDRESSES', 'region', 'addresses', natAddressCount),
    // The load balancer's.
    constant('STATIC_ADDRESSES', 'project', 'addresses', 1),
    constant('NETWORKS', 'project', 'resources', 1),
    constant('SECURITY_POLICIES', 'project', 'resources', 1),
  ];
}

function nodeDemand(environment: Environment): QuotaDemand[] {
  const { nodes } = environment.cluster;
  const counts = nodeCounts(environment);
  if (counts === undefined || nodes === undefined) return autopilotDemand(environment);

  const { vcpus, quota } = machineShape(nodes.machineType);
  const temporary = nodeZoneCount(environment);
  const peak = counts.max + NODE_SURGE;
  const metric = quota ?? `vCPUs of ${nodes.machineType}`;
  const temporaryCpus = temporary * TEMPORARY_NODE.vcpus;
  const sharesMetric = metric === TEMPORARY_NODE.metric && !nodes.spot;
  return [
    {
      metric: nodes.spot ? SPOT_METRIC : metric,
      scope: 'region',
      unit: 'vCPUs',
      atRest: sharesMetric ? Math.max(counts.min * vcpus, temporaryCpus) : counts.min * vcpus,
      atPeak: peak * vcpus,
      ...(nodes.spot && { instead: metric }),
    },
    ...(sharesMetric
      ? []
      : [
          {
            metric: TEMPORARY_NODE.metric,
            scope: 'region' as const,
            unit: 'vCPUs' as const,
            atRest: temporaryCpus,
            atPeak: temporaryCpus,
          },
        ]),
    {
      metric: 'CPUS_ALL_REGIONS',
      scope: 'project',
      unit: 'vCPUs',
      atRest: Math.max(counts.min * vcpus, temporaryCpus),
      atPeak: peak * vcpus,
    },
    {
      metric: 'SSD_TOTAL_GB',
      scope: 'region',
      unit: 'GB',
      atRest: Math.max(counts.min * nodes.diskGiB, temporary * TEMPORARY_NODE.diskGB),
      atPeak: peak * nodes.diskGiB,
    },
    {
      metric: 'INSTANCES',
      scope: 'region',
      unit: 'VMs',
      atRest: Math.max(counts.min, temporary),
      atPeak: peak,
    },
  ];
}

/** Google chooses the nodes, which have at least the vCPUs that the pods request. */
function autopilotDemand(environment: Environment): QuotaDemand[] {
  const [atRest, atPeak] = (['minReplicas', 'maxReplicas'] as const).map((bound) =>
    Math.ceil(demandOf(environment, bound).cpuMillicores / 1_000),
  ) as [number, number];
  return [
    { metric: AUTOPILOT_METRIC, scope: 'region', unit: 'vCPUs', atRest, atPeak },
    { metric: 'CPUS_ALL_REGIONS', scope: 'project', unit: 'vCPUs', atRest, atPeak },
  ];
}

/** Limits of a project, by scope and metric. */
export type QuotaLimits = Readonly<Record<QuotaDemand['scope'], ReadonlyMap<string, number>>>;

/** A quota below the demand, or one that the project does not report. */
export interface QuotaShortage extends QuotaDemand {
  /** Undefined if the project does not report the metric. */
  readonly limit: number | undefined;
}

export function shortagesOf(demands: readonly QuotaDemand[], limits: QuotaLimits): QuotaShortage[] {
  return demands.flatMap((demand): QuotaShortage[] => {
    const own = limits[demand.scope].get(demand.metric);
    // Spot VMs count against the usual quota until the project has one for them.
    const usesOther = demand.instead !== undefined && (own === undefined || own === 0);
    const metric = usesOther ? demand.instead : demand.metric;
    const limit = limits[demand.scope].get(metric);
    return limit !== undefined && limit >= demand.atPeak ? [] : [{ ...demand, metric, limit }];
  });
}
