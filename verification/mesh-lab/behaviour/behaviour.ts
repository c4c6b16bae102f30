/** The tests that send traffic, and the mesh for them. */
import { type Environment } from '../../../model/environment';
import { EGRESS_GATEWAY, INGRESS_GATEWAY } from '../../../model/naming';
import { calledHosts } from '../../../model/streams';
import { assertThat, runTests, type LabTest, type TestResult } from '../../support/lab-test';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { type Mesh } from '../mesh/mesh';
import { type Client } from '../mesh/pods';
import { startMesh, type MeshOptions } from '../mesh/start-mesh';
import { browserTests } from './browsers';
import { clientAdmissionTests } from './client-admission';
import { accessLogTests, edgeHeaderTests } from './edge-headers';
import { edgeTests, UNKNOWN_WORKLOAD } from './edges';
import { probeName, probesOf } from './example';
import { longStreamTests, STREAMING_PODS, streamingWorkload } from './long-streams';
import { egressTests } from './egress';
import { ejectionTests, ejectingProxyName } from './ejection';
import { interplayTests } from './interplay';
import { poolTests } from './pool';
import { requestFormTests } from './request-forms';
import { retryTests, clientRetryTests } from './retries';
import { ROLLING_PODS, rollingService, shutdownTests } from './shutdown';
import { streamTests } from './streams';
import { splitTests } from './split';
import { tokenTests } from './tokens';
import { transportTests } from './transport';
import { connectFailureTests } from './connect-failures';
import { slowBodyTests } from './slow-bodies';
import { zoneLossTests, zoneProxyName } from './zone-loss';

/** Tests that mostly wait, and can run beside all others. */
function slowLanes(mesh: Mesh): LabTest[][] {
  return [
    shutdownTests(mesh),
    longStreamTests(mesh),
    accessLogTests(mesh),
    ...ejectionTests(mesh).map((labTest) => [labTest]),
  ];
}

/** The tests of a lane run in sequence, the lanes in parallel. */
function quickLanes(mesh: Mesh): LabTest[][] {
  return [
    [...transportTests(mesh), ...tokenTests(mesh), ...clientAdmissionTests(mesh), ...edgeTests(mesh)],
    [
      ...egressTests(mesh),
      ...interplayTests(mesh),
      ...requestFormTests(mesh),
      ...edgeHeaderTests(mesh),
      ...browserTests(mesh),
    ],
    [...retryTests(mesh), ...connectFailureTests(mesh)],
    clientRetryTests(mesh),
  ];
}

/** Tests that use all cores, and would break the time limits of others. */
function heavyLane(mesh: Mesh): LabTest[] {
  return [
    ...splitTests(mesh),
    ...poolTests(mesh),
    ...zoneLossTests(mesh),
    ...slowBodyTests(mesh),
    ...streamTests(mesh),
  ];
}

/** All tests that send traffic. */
export function behaviourTests(mesh: Mesh): LabTest[] {
  return [...quickLanes(mesh).flat(), ...heavyLane(mesh), ...slowLanes(mesh).flat(), configurationTest(mesh)];
}

/** Starts the environment's mesh and runs the selected tests. */
export async function testBehaviour(
  environment: Environment,
  objects: readonly KubernetesManifest[],
  onResult: (result: TestResult) => void,
  isSelected: (id: string) => boolean = () => true,
): Promise<TestResult[]> {
  const mesh = await startTestMesh(environment, objects);
  const runSelected = (labTests: readonly LabTest[]) =>
    runTests(
      labTests.filter(({ id }) => isSelected(id)),
      onResult,
    );
  const runLanes = async (lanes: readonly LabTest[][]) => (await Promise.all(lanes.map(runSelected))).flat();
  try {
    const slow = runLanes(slowLanes(mesh));
    const quick = await runLanes(quickLanes(mesh));
    const heavy = await runSelected(heavyLane(mesh));
    return [...quick, ...heavy, ...(await slow), ...(await runSelected([configurationTest(mesh)]))];
  } finally {
    await mesh.stop();
  }
}

/** The environment's mesh with the pods and clients that the tests need. */
export async function startTestMesh(
  environment: Environment,
  objects: readonly KubernetesManifest[],
  options: Pick<MeshOptions, 'drainSeconds'> = {},
): Promise<Mesh> {
  const rolling = rollingService(environment)?.service.versions[0].workload;
  const streaming = streamingWorkload(environment);
  const podsOf = (workload: string) =>
    workload === rolling ? ROLLING_PODS : workload === streaming ? STREAMING_PODS : 1;
  const mesh = await startMesh({
    ...options,
    environment,
    objects,
    clients: probesFor(environment),
    replicasOf: (workload) => (isGateway(workload) ? {} : { full: podsOf(workload), bare: 1, absent: 1 }),
  });
  // These pods join when the new release rolls out.
  if (rolling !== undefined) for (const index of [2, 3]) await mesh.setEndpoint(`${rolling}-${index}`, false);
  return mesh;
}

/** A proxy that rejects a configuration keeps the previous one, which invalidates the other tests. */
function configurationTest(mesh: Mesh): LabTest {
  return {
    id: 'configuration/is-accepted',
    title: 'every proxy accepts all configuration that it is sent',
    run: () => {
      const rejections = mesh.rejections();
      assertThat(rejections.length === 0, `${rejections.length} rejected, the first: ${rejections[0]}`);
      return Promise.resolve({ seen: `${mesh.pods.length} pods, nothing rejected` });
    },
  };
}

function isGateway(workload: string): boolean {
  return workload === INGRESS_GATEWAY.name || workload === EGRESS_GATEWAY.name;
}

/** Separate client proxies for tests that change the state of a proxy, so that they do not affect others. */
export function probesFor(environment: Environment): Record<string, Client> {
  const clients: Record<string, Client & { scope: string[] }> = {};
  for (const { service, edge } of probesOf(environment)) {
    const client = (clients[probeName(edge.caller)] ??= { as: edge.caller.serviceAccount, scope: [] });
    client.scope.push(...calledHosts(service).map((host) => `${service.namespace}/${host}`));
    clients[ejectingProxyName(edge.caller.serviceAccount)] = client;
    clients[zoneProxyName(edge.caller.serviceAccount)] = client;
  }
  return { ...clients, [UNKNOWN_WORKLOAD.serviceAccount]: { as: UNKNOWN_WORKLOAD.serviceAccount } };
}
