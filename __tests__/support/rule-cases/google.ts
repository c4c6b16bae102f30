import { edited } from '../catalogue-fixture';
import { STOCK, TEST, type Changes, type RuleCase } from './rule-case';

const network = (from: string, to: string, shop: Changes = {}): Changes => edited(TEST, from, to, shop);
const CLUSTER = 'cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 20 } }';
const cluster = (to: string, shop: Changes = {}): Changes => edited(TEST, CLUSTER, to, shop);
const onAutopilot = (resources: string): Changes =>
  cluster('cluster: { mode: autopilot }', edited(STOCK, 'timeoutMs', `resources: ${resources}\ntimeoutMs`));
const database = (settings: string): Changes =>
  edited(TEST, 'database: { cpuCount: 2 }', `database: ${settings}`);
const peered = (cidr: string): Changes =>
  network(
    '  databaseEndpointIp',
    `  databasePeeringCidr: ${cidr}\n  databaseEndpointIp`,
    database('{ cpuCount: 2, connectivity: private-services-access }'),
  );

/** What Google refuses, or accepts with another meaning. */
export const GOOGLE_CASES: readonly RuleCase[] = [
  // 20 nodes and one during upgrades, two endpoints, four addresses of Google: 27 of 32.
  {
    rule: 'PLT-005',
    breaks: cluster(
      'cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 26 } }',
      network('10.0.0.0/20', '10.0.15.0/27'),
    ),
    finding:
      "environments/test.yaml:11:14: network.nodesCidr: '10.0.15.0/27' has 32 addresses; 27 nodes (1 × 26, and 1 during upgrades), 2 endpoints and 4 addresses of Google need 33; use at least a /26, or a smaller cluster [PLT-005]",
    inside: cluster(
      'cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 25 } }',
      network('10.0.0.0/20', '10.0.15.0/27'),
    ),
  },
  // A /19 has 8,192 addresses, for 32 nodes of 256.
  {
    rule: 'PLT-005',
    breaks: cluster(
      'cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 32 } }',
      network('10.4.0.0/16', '10.4.0.0/19'),
    ),
    finding:
      "environments/test.yaml:12:13: network.podsCidr: '10.4.0.0/19' has 8192 addresses; 33 nodes (1 × 32, and 1 during upgrades) of 256 addresses need 8448; use at least a /18, or a smaller cluster [PLT-005]",
    inside: cluster(
      'cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 31 } }',
      network('10.4.0.0/16', '10.4.0.0/19'),
    ),
  },
  // Three zones of 11 nodes, and one during upgrades: 34.
  {
    rule: 'PLT-005',
    breaks: cluster(
      'cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 11 } }',
      network('10.4.0.0/16', '10.4.0.0/19', network('zones: [b]', 'zones: [b, c, d]')),
    ),
    finding:
      "environments/test.yaml:12:13: network.podsCidr: '10.4.0.0/19' has 8192 addresses; 34 nodes (3 × 11, and 1 during upgrades) of 256 addresses need 8704; use at least a /18, or a smaller cluster [PLT-005]",
    inside: cluster(
      'cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 10 } }',
      network('10.4.0.0/16', '10.4.0.0/19', network('zones: [b]', 'zones: [b, c, d]')),
    ),
  },
  // 55 pods need two nodes of 32, and one during upgrades: 192 addresses, but GKE's smallest range is a /24.
  {
    rule: 'PLT-005',
    breaks: cluster('cluster: { mode: autopilot }', network('10.4.0.0/16', '10.4.0.0/25')),
    finding:
      "environments/test.yaml:12:13: network.podsCidr: '10.4.0.0/25' has 128 addresses; 55 pods on at least 3 Autopilot nodes of 64 addresses need 256; use at least a /24, or a smaller cluster [PLT-005]",
    inside: cluster('cluster: { mode: autopilot }', network('10.4.0.0/16', '10.4.0.0/24')),
  },
  // The services of the fixture with their versions are 7, and 10 belong to the platform.
  {
    rule: 'PLT-005',
    breaks: network('10.5.0.0/20', '10.5.0.0/28'),
    finding:
      "environments/test.yaml:13:17: network.servicesCidr: '10.5.0.0/28' has 16 addresses; 17 Kubernetes Services need 17; use at least a /27 [PLT-005]",
    inside: network('10.5.0.0/20', '10.5.0.0/27'),
  },
  {
    rule: 'PLT-005',
    breaks: peered('10.6.0.0/25'),
    finding:
      "environments/test.yaml:14:24: network.databasePeeringCidr: '10.6.0.0/25' has 128 addresses; Google's database networks need 256; use at least a /24 [PLT-005]",
    inside: peered('10.6.0.0/24'),
  },
  {
    rule: 'PLT-006',
    breaks: network('10.4.0.0/16', '11.4.0.0/16'),
    finding:
      "environments/test.yaml:12:13: network.podsCidr: '11.4.0.0/16' has addresses that are not private; use a free range of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10 [PLT-006]",
    inside: network('10.4.0.0/16', '100.64.0.0/16'),
  },
  {
    rule: 'PLT-006',
    breaks: network('10.4.0.0/16', '172.0.0.0/11'),
    finding:
      "environments/test.yaml:12:13: network.podsCidr: '172.0.0.0/11' has addresses that are not private; use a free range of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10 [PLT-006]",
    inside: network('10.4.0.0/16', '172.16.0.0/12'),
  },
  {
    rule: 'PLT-006',
    breaks: network('10.5.0.0/20', '10.5.1.0/20'),
    finding:
      "environments/test.yaml:13:17: network.servicesCidr: '10.5.1.0/20' does not start at the first address of a range; use 10.5.0.0/20 [PLT-006]",
    inside: network('10.5.0.0/20', '10.5.16.0/20'),
  },
  {
    rule: 'PLT-006',
    breaks: network('10.4.0.0/16', '172.16.0.0/15', database('{ engine: cloud-sql, cpuCount: 2 }')),
    finding:
      "environments/test.yaml:12:13: network.podsCidr: '172.16.0.0/15' overlaps with 172.17.0.0/16, to which Cloud SQL does not respond; use another range [PLT-006]",
    inside: network('10.4.0.0/16', '172.16.0.0/15'),
  },
  {
    rule: 'PLT-007',
    breaks: database('{ cpuCount: 3 }'),
    finding:
      'environments/test.yaml:16:23: database.cpuCount: AlloyDB has no size with 3 vCPUs; use one of 2, 4, 8, 16, 32, 64, 96, 128 [PLT-007]',
    inside: database('{ cpuCount: 128 }'),
  },
  {
    rule: 'PLT-007',
    breaks: database('{ engine: cloud-sql, cpuCount: 3 }'),
    finding:
      'environments/test.yaml:16:42: database.cpuCount: Cloud SQL has no size with 3 vCPUs; use 1, or an even number up to 96 [PLT-007]',
    inside: database('{ engine: cloud-sql, cpuCount: 6 }'),
  },
  {
    rule: 'PLT-008',
    breaks: network('europe-west1', 'europe-west5'),
    finding:
      "environments/test.yaml:3:9: region: 'europe-west5' is not a known region; did you mean 'europe-west2'? Or, if Google opened it after 2026-11-28, add it to model/google-regions.ts [PLT-008]",
    inside: network('zones: [b]', 'zones: [a]', network('europe-west1', 'europe-west4')),
  },
  {
    rule: 'PLT-008',
    breaks: network('zones: [b]', 'zones: [b, a]'),
    finding:
      "environments/test.yaml:4:12: zones[1]: 'europe-west1' has no zone 'a'; use one of b, c, d [PLT-008]",
    inside: network('zones: [b]', 'zones: [b, d]'),
  },
  {
    rule: 'PLT-009',
    breaks: network('e2-standard-4', 'e2-standard-6'),
    finding:
      "environments/test.yaml:15:34: cluster.nodes.machineType: 'e2-standard-6' is not a machine type; use one of e2-standard-2, e2-standard-4, e2-standard-8, e2-standard-16, e2-standard-32 [PLT-009]",
    inside: network('e2-standard-4', 'e2-standard-8'),
  },
  {
    rule: 'PLT-009',
    breaks: network('e2-standard-4', 'c2-highmem-4'),
    finding:
      "environments/test.yaml:15:34: cluster.nodes.machineType: 'c2-highmem-4' is not a machine type; use one of c2-standard-4, c2-standard-8, c2-standard-16, c2-standard-30, c2-standard-60 [PLT-009]",
    inside: network('e2-standard-4', 'z9-highmem-5'),
  },
  {
    rule: 'SCL-006',
    breaks: onAutopilot('{ cpuMillicores: 49, memoryMiB: 52 }'),
    finding:
      'services/stock.yaml:7:29: resources.cpuMillicores: Autopilot does not run a pod with a request of 49 millicores; use 50 to 30000 [SCL-006]',
    inside: onAutopilot('{ cpuMillicores: 50, memoryMiB: 52 }'),
  },
  {
    rule: 'SCL-006',
    breaks: onAutopilot('{ cpuMillicores: 250, memoryMiB: 255 }'),
    finding:
      'services/stock.yaml:7:45: resources.memoryMiB: Autopilot changes 255 MiB for 250 millicores; use 256 to 1664, or another cpuMillicores [SCL-006]',
    inside: onAutopilot('{ cpuMillicores: 250, memoryMiB: 1664 }'),
  },
  // 40 pods of services with 350 millicores and 15 of gateways with 250: 17.75 vCPU. A node has 3.92.
  {
    rule: 'SCL-007',
    breaks: cluster('cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 4 } }'),
    finding:
      "environments/test.yaml:15:76: cluster.nodes.maxPerZone: with every autoscaler at its maximum the pods request 17.8 vCPU of 15.7 on 4 nodes; use at least 5, which leaves no room for GKE's own pods, or lower maxReplicas [SCL-007]",
    inside: cluster('cluster: { nodes: { machineType: e2-standard-4, minPerZone: 1, maxPerZone: 5 } }'),
  },
  // 40 pods with 384 MiB and 15 with 256: 18.75 GiB. A node of 2 GiB has 1.4 GiB for pods.
  {
    rule: 'SCL-007',
    breaks: cluster('cluster: { nodes: { machineType: e2-highcpu-2, minPerZone: 1, maxPerZone: 13 } }'),
    finding:
      "environments/test.yaml:15:75: cluster.nodes.maxPerZone: with every autoscaler at its maximum the pods request 18.8 GiB of 18.2 on 13 nodes; use at least 14, which leaves no room for GKE's own pods, or lower maxReplicas [SCL-007]",
    inside: cluster('cluster: { nodes: { machineType: e2-highcpu-2, minPerZone: 1, maxPerZone: 14 } }'),
  },
];
