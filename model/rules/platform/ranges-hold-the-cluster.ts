import { cidrSize, prefixFor } from '../../cidr';
import { demandOf, NODE_LIMITS, NODE_SURGE, nodeCounts, nodeZoneCount } from '../../cluster-capacity';
import type { Environment } from '../../environment';
import type { Rule, RuleViolation } from '../rule';
import { kubernetesServiceCount } from './service-quota';

/** First, second, second to last and last address of a subnet's primary range. */
const RESERVED_BY_GOOGLE = 4;
/**
 * Endpoint of the control plane; with Private Service Connect the database has one too. The global load balancer has
 * its proxies outside of the network.
 */
const CONTROL_PLANE_ENDPOINTS = 1;
/** Smallest ranges that GKE accepts. */
const LONGEST_PREFIX = { podsCidr: 24, servicesCidr: 28, databasePeeringCidr: 24 } as const;

type RangeName = 'nodesCidr' | 'podsCidr' | 'servicesCidr' | 'databasePeeringCidr';

interface Need {
  readonly range: RangeName;
  readonly addresses: number;
  /** What needs the addresses. */
  readonly reason: string;
}

export const rangesHoldTheCluster: Rule = {
  id: 'PLT-005',
  title: 'Address ranges hold the largest cluster',
  severity: 'error',
  rationale:
    'A range cannot be reduced or moved under a running cluster, and without free addresses the autoscaler stops at the peak.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing',
  fix: 'use a larger range, or a smaller cluster',
  check: (environment) =>
    needsOf(environment).flatMap(({ range, addresses, reason }): RuleViolation[] => {
      const cidr = environment.network[range];
      if (cidr === undefined || addresses <= cidrSize(cidr)) return [];
      return [
        {
          kind: 'environment',
          name: environment.name,
          path: ['network', range],
          message: `'${cidr}' has ${cidrSize(cidr)} addresses; ${reason} need ${addresses}`,
          fix: `use at least a /${prefixFor(addresses)}${range === 'nodesCidr' || range === 'podsCidr' ? ', or a smaller cluster' : ''}`,
        },
      ];
    }),
};

function needsOf(environment: Environment): Need[] {
  const { database } = environment;
  const services = kubernetesServiceCount(environment);
  return [
    ...nodeNeeds(environment),
    {
      range: 'servicesCidr',
      addresses: Math.max(services, smallest('servicesCidr')),
      reason: `${services} Kubernetes Services`,
    },
    ...(database.connectivity === 'private-services-access'
      ? [
          {
            range: 'databasePeeringCidr' as const,
            addresses: smallest('databasePeeringCidr'),
            reason: "Google's database networks",
          },
        ]
      : []),
  ];
}

function nodeNeeds(environment: Environment): Need[] {
  const counts = nodeCounts(environment);
  const { addresses, pods } = NODE_LIMITS[environment.cluster.mode];
  if (counts === undefined) {
    // The number of nodes is not known, but each has a limit of pods.
    const peak = demandOf(environment, 'maxReplicas').pods;
    const nodes = Math.ceil(peak / pods) + NODE_SURGE;
    return [
      {
        range: 'podsCidr',
        addresses: Math.max(nodes * addresses, smallest('podsCidr')),
        reason: `${peak} pods on at least ${nodes} Autopilot nodes of ${addresses} addresses`,
      },
    ];
  }
  const nodes = counts.max + NODE_SURGE;
  const described = `${nodes} nodes (${nodeZoneCount(environment)} × ${counts.max / nodeZoneCount(environment)}, and ${NODE_SURGE} during upgrades)`;
  const endpoints =
    CONTROL_PLANE_ENDPOINTS + (environment.database.connectivity === 'private-service-connect' ? 1 : 0);
  return [
    {
      range: 'nodesCidr',
      addresses: nodes + endpoints + RESERVED_BY_GOOGLE,
      reason: `${described}, ${endpoints} endpoint${endpoints === 1 ? '' : 's'} and ${RESERVED_BY_GOOGLE} addresses of Google`,
    },
    {
      range: 'podsCidr',
      addresses: Math.max(nodes * addresses, smallest('podsCidr')),
      reason: `${described} of ${addresses} addresses`,
    },
  ];
}

function smallest(range: keyof typeof LONGEST_PREFIX): number {
  return 2 ** (32 - LONGEST_PREFIX[range]);
}
