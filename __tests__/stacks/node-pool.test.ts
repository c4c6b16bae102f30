import { GATEWAY_REQUESTS, NODE_LIMITS, NODE_SURGE } from '../../model/cluster-capacity';
import { cpuQuantity, memoryQuantity } from '../../model/quantity';
import { aCatalogue } from '../support/catalogue-fixture';
import { objectsOfKind, synthEnvironment } from '../support/synth';

const [environment] = aCatalogue().environments;
if (environment === undefined) throw new Error('the fixture has no environment');
const stacks = synthEnvironment(environment);
const cluster = stacks.get('test-cluster-and-asm')?.resource;
const pool = cluster?.['google_container_node_pool']?.['cluster_nodes'];

/** Rules and quotas compute with these figures, so the stacks must render the same. */
test('the node pool starts with its minimum and grows by one node during upgrades', () => {
  expect(pool.initial_node_count).toBe(environment.cluster.nodes?.minPerZone);
  expect(pool.upgrade_settings).toEqual({ max_surge: NODE_SURGE, max_unavailable: 0 });
});

test("a node has GKE's default number of pods, for which it reserves 256 addresses", () => {
  expect(pool).not.toHaveProperty('max_pods_per_node');
  expect(cluster?.['google_container_cluster']?.['cluster']).not.toHaveProperty('default_max_pods_per_node');
  // Twice the pods, rounded up to a power of two.
  for (const { pods, addresses } of Object.values(NODE_LIMITS))
    expect(addresses).toBe(2 ** Math.ceil(Math.log2(2 * pods)));
});

test('gateways request what the peak is computed with, and sidecars the default of the mesh', () => {
  const deployments = objectsOfKind(stacks.get('test-mesh-policies'), 'Deployment');
  const gateways = deployments.filter(({ metadata }) => metadata.name.endsWith('-gateway'));
  expect(gateways).toHaveLength(2);
  for (const { spec } of gateways)
    expect(spec.template.spec.containers[0].resources.requests).toMatchObject({
      cpu: cpuQuantity(GATEWAY_REQUESTS.cpuMillicores),
      memory: memoryQuantity(GATEWAY_REQUESTS.memoryMiB),
    });
  expect(JSON.stringify(deployments)).not.toMatch(/sidecar\.istio\.io\/proxy(CPU|Memory)/);
});
