/** The claims about behaviour, and the mesh that they are put to. */
import { type Environment } from '../../../model/environment';
import { EGRESS_GATEWAY, INGRESS_GATEWAY } from '../../../model/naming';
import { assertThat, runTests, type LabTest, type TestResult } from '../../support/lab-test';
import { type KubernetesObject } from '../../kubernetes/kubernetes-object';
import { type Mesh } from '../mesh/mesh';
import { type Client } from '../mesh/pods';
import { startMesh, type MeshOptions } from '../mesh/start-mesh';
import { edgeTests, STRANGER } from './edges';
import { probeName, probesOf } from './example';
import { egressTests } from './egress';
import { ejectionTests, ejectorName } from './ejection';
import { interplayTests } from './interplay';
import { poolTests } from './pool';
import { retryTests, clientRetryTests } from './retries';
import { ROLLING_PODS, rollingService, shutdownTests } from './shutdown';
import { splitTests } from './split';
import { tokenTests } from './tokens';
import { transportTests } from './transport';
import { unreachedTests } from './unreached';

/** What waits most of the time, and may be done beside anything. */
function patientLanes(mesh: Mesh): LabTest[][] {
  return [shutdownTests(mesh), ...ejectionTests(mesh).map((labTest) => [labTest])];
}

/** Claims of one lane follow each other; lanes run side by side. */
function quickLanes(mesh: Mesh): LabTest[][] {
  return [
    [...transportTests(mesh), ...tokenTests(mesh), ...edgeTests(mesh)],
    [...egressTests(mesh), ...interplayTests(mesh)],
    [...retryTests(mesh), ...unreachedTests(mesh)],
    clientRetryTests(mesh),
  ];
}

/** What takes all that the machine has, and would make others late. */
function heavyLane(mesh: Mesh): LabTest[] {
  return [...splitTests(mesh), ...poolTests(mesh)];
}

/** Every claim about behaviour. */
export function behaviourTests(mesh: Mesh): LabTest[] {
  return [...quickLanes(mesh).flat(), ...heavyLane(mesh), ...patientLanes(mesh).flat(), refusalsTest(mesh)];
}

/**
 * Starts the environment's mesh and puts every claim about it to the test.
 *
 * @param chosen whether to test the claim of this id
 */
export async function testBehaviour(
  environment: Environment,
  objects: readonly KubernetesObject[],
  onResult: (verdict: TestResult) => void,
  chosen: (id: string) => boolean = () => true,
): Promise<TestResult[]> {
  const mesh = await startProvingGround(environment, objects);
  const judgeChosen = (labTests: readonly LabTest[]) =>
    runTests(
      labTests.filter(({ id }) => chosen(id)),
      onResult,
    );
  const judgeLanes = async (lanes: readonly LabTest[][]) =>
    (await Promise.all(lanes.map(judgeChosen))).flat();
  try {
    const patient = judgeLanes(patientLanes(mesh));
    const quick = await judgeLanes(quickLanes(mesh));
    const heavy = await judgeChosen(heavyLane(mesh));
    return [...quick, ...heavy, ...(await patient), ...(await judgeChosen([refusalsTest(mesh)]))];
  } finally {
    await mesh.stop();
  }
}

/** The environment's mesh with the pods and clients that the claims need. */
export async function startProvingGround(
  environment: Environment,
  objects: readonly KubernetesObject[],
  options: Pick<MeshOptions, 'drainSeconds'> = {},
): Promise<Mesh> {
  const rolling = rollingService(environment)?.service.versions[0].workload;
  const mesh = await startMesh({
    ...options,
    environment,
    objects,
    clients: probesFor(environment),
    replicasOf: (workload) =>
      isGateway(workload) ? {} : { full: workload === rolling ? ROLLING_PODS : 1, bare: 1, absent: 1 },
  });
  // Pods of the next release are not there yet.
  if (rolling !== undefined) for (const index of [2, 3]) await mesh.setEndpoint(`${rolling}-${index}`, false);
  return mesh;
}

/** A proxy that refuses its configuration goes on with what it had, and every other answer is worth nothing. */
function refusalsTest(mesh: Mesh): LabTest {
  return {
    id: 'configuration/is-taken',
    title: 'every proxy took everything that the configuration server sent',
    run: () => {
      const refusals = mesh.refusals();
      assertThat(refusals.length === 0, `${refusals.length} refused, the first: ${refusals[0]}`);
      return Promise.resolve({ seen: `${mesh.pods.length} pods, nothing refused` });
    },
  };
}

function isGateway(workload: string): boolean {
  return workload === INGRESS_GATEWAY.name || workload === EGRESS_GATEWAY.name;
}

/** Proxies apart from those of the services, so that what one claim does to a proxy disturbs no other claim. */
export function probesFor(environment: Environment): Record<string, Client> {
  const clients: Record<string, Client & { scope: string[] }> = {};
  for (const { service, edge } of probesOf(environment)) {
    const client = (clients[probeName(edge.caller)] ??= { as: edge.caller.serviceAccount, scope: [] });
    const hosts = [service.host, ...service.versions.map(({ host }) => host)];
    client.scope.push(...hosts.map((host) => `${service.namespace}/${host}`));
    clients[ejectorName(edge.caller.serviceAccount)] = client;
  }
  return { ...clients, [STRANGER.serviceAccount]: { as: STRANGER.serviceAccount } };
}
