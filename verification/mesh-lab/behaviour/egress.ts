/** Only declared callers reach declared third parties, and only through the egress gateway. */
import {
  CallGraph,
  egressGatewayWorkload,
  type EgressEdge,
  type WorkloadIdentity,
} from '../../../model/call-graph';
import {
  databaseHost,
  databasePorts,
  EGRESS_GATEWAY,
  GATEWAY_PORTS,
  serviceHost,
} from '../../../model/naming';
import { type External } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Proxy } from '../mesh/proxy';
import { isReachable, type Reply } from '../mesh/send';
import { ALL_METHODS, allows, examplePath, isSame, UNDECLARED_PATH, versionsOf } from './example';
import { withExperiment } from './experiment';
import { UNKNOWN_WORKLOAD } from './edges';

const UNKNOWN_HOST = 'exfiltration.invalid';

export function egressTests(mesh: Mesh): LabTest[] {
  const { environment } = mesh;
  const graph = new CallGraph(environment);
  return [
    ...environment.externals.flatMap((external) => {
      const edges = graph.callersOfExternal(external.name);
      return [
        ...edges.map((edge) => allowedTest(mesh, edge, edges)),
        ...allWorkloads(mesh)
          .filter((workload) => !edges.some(({ caller }) => isSame(caller, workload)))
          .map((workload) => rejectedTest(mesh, external, workload, edges[0])),
        ...edges.slice(0, 1).map((edge) => verificationTest(mesh, edge)),
      ];
    }),
    ...allWorkloads(mesh).map((workload) => unknownHostTest(mesh, workload)),
    ...databaseTests(mesh),
  ];
}

function allWorkloads({ environment }: Mesh): WorkloadIdentity[] {
  return [...versionsOf(environment).map(({ workload }) => workload), UNKNOWN_WORKLOAD];
}

/** @param edges of all callers: what is declared for another is rejected too */
function allowedTest(mesh: Mesh, edge: EgressEdge, edges: readonly EgressEdge[]): LabTest {
  const { external, caller } = edge;
  const name = caller.serviceAccount;
  const request = exampleOf(edge);
  return {
    id: `egress/${name}-reaches-${external.name}`,
    title: `${name} reaches ${external.name} through the egress gateway over TLS, with declared methods and paths only`,
    run: () =>
      withExperiment(
        mesh,
        [],
        () => undefined,
        async ({ headers, received }) => {
          const before = await passedGateway(mesh, external);
          const { status } = await mesh.from(name).send({ ...request, headers });
          assertThat(status === 200, `the response was ${status}`);
          const [arrived] = received();
          assertThat(
            arrived?.serverName === external.sni,
            `the TLS server name was '${arrived?.serverName}'`,
          );
          const leaked = Object.keys(arrived.headers).filter((header) =>
            /^x-(forwarded-client-cert|envoy-peer)/.test(header),
          );
          assertThat(leaked.length === 0, `the third party receives ${leaked.join(', ')}`);
          assertThat(
            (await passedGateway(mesh, external)) === before + 1,
            'the request bypassed the egress gateway',
          );

          const forbidden = [
            ...ALL_METHODS.map((method) => ({ ...request, method })),
            { ...request, path: UNDECLARED_PATH },
            ...edges
              .filter((other) => !isSame(other.caller, caller))
              .flatMap(({ methods, paths }) =>
                paths.flatMap((path) =>
                  methods.map((method) => ({ ...request, method, path: examplePath(path) })),
                ),
              ),
          ].filter(({ method, path }) => !allows(edge, method, path));
          for (const other of forbidden) {
            const rejected = await mesh.from(name).send({ ...other, headers });
            assertThat(rejected.status === 403, `${other.method} ${other.path} got ${rejected.status}`);
          }
          assertThat(received().length === 1, `${received().length} requests arrived instead of 1`);
          return {
            seen: `200 with TLS server name ${external.sni}; 403 for ${forbidden.length} other methods and paths`,
          };
        },
      ),
  };
}

/** The third party is outside of the caller's scope, and the gateway rejects the caller. */
function rejectedTest(
  mesh: Mesh,
  external: External,
  workload: WorkloadIdentity,
  edge: EgressEdge | undefined,
): LabTest {
  const name = workload.serviceAccount;
  return {
    id: `egress/${name}-cannot-reach-${external.name}`,
    title: `${name} cannot reach ${external.name}, and the egress gateway rejects it`,
    run: async () => {
      const request = edge ? exampleOf(edge) : { host: external.host, path: '/', method: 'GET' };
      const withProxy = await mesh.from(name).send(request);
      assertThat(isUnreachable(withProxy), `with its proxy: ${withProxy.status}`);
      const withoutProxy = await mesh
        .directTo(EGRESS_GATEWAY.name, GATEWAY_PORTS.https, mesh.certificateOf(name), egressServerName())
        .send(request);
      assertThat(
        withoutProxy.status === 403,
        `directly to the gateway: ${withoutProxy.status} instead of 403`,
      );
      return { seen: `with its proxy: ${withProxy.status}; directly to the gateway: ${withoutProxy.status}` };
    },
  };
}

function verificationTest(mesh: Mesh, edge: EgressEdge): LabTest {
  const { external, caller } = edge;
  const { host } = external;
  return {
    id: `egress/certificate-of-${external.name}-is-verified`,
    title: `no request is sent to ${external.name} if its certificate has another name or an unknown issuer`,
    run: () =>
      withExperiment(
        mesh,
        [],
        () => undefined,
        async ({ headers, received }) => {
          const sendOnce = () => mesh.from(caller.serviceAccount).send({ ...exampleOf(edge), headers });
          const wrongCertificates = {
            'another name': await mesh.thirdParties.certificateFor('wrong-name.invalid'),
            'an unknown authority': mesh.foreignCertificate,
          };
          const outcomes: string[] = [];
          try {
            for (const [name, certificate] of Object.entries(wrongCertificates)) {
              mesh.thirdParties.useCertificate(host, certificate);
              const { status } = await sendOnce();
              assertThat(status === 503, `${name}: ${status} instead of 503`);
              outcomes.push(`${name} ${status}`);
            }
          } finally {
            mesh.thirdParties.useCertificate(host, mesh.thirdParties.ownCertificate(host));
          }
          assertThat(
            received().length === 0,
            `${received().length} requests were sent despite the wrong certificate`,
          );
          const { status } = await sendOnce();
          assertThat(status === 200, `with the correct certificate: ${status}`);
          return { seen: `${outcomes.join(', ')}, no request sent; correct certificate 200` };
        },
      ),
  };
}

function unknownHostTest(mesh: Mesh, { serviceAccount }: WorkloadIdentity): LabTest {
  return {
    id: `egress/${serviceAccount}-cannot-reach-unknown-hosts`,
    title: `the proxy of ${serviceAccount} forwards nothing to a host outside of the catalogue`,
    run: async () => {
      const reply = await mesh.from(serviceAccount).send({ host: UNKNOWN_HOST });
      assertThat(isUnreachable(reply), `${UNKNOWN_HOST} responded ${reply.status}`);
      return { seen: String(reply.status) };
    },
  };
}

/** A proxy without the database in its scope does not listen on the database's ports. */
function databaseTests(mesh: Mesh): LabTest[] {
  const users = versionsOf(mesh.environment).filter(({ service }) => service.database);
  if (users.length === 0) return [];
  const ports = Object.values(databasePorts(mesh.environment.database));
  return [
    {
      id: 'egress/database-is-reachable-by-its-users-only',
      title: `only ${users.map(({ version }) => version.workload).join(', ')} reach ${databaseHost(mesh.environment.mesh.name)}`,
      run: async () => {
        for (const { service, workload } of versionsOf(mesh.environment)) {
          for (const port of ports) {
            const reached = await isReachable(mesh.podOf(workload.serviceAccount).ip, port);
            assertThat(
              reached === service.database,
              `${workload.serviceAccount}: port ${port} is ${reached ? '' : 'not '}reachable`,
            );
          }
        }
        return {
          seen: `ports ${ports.join(', ')}: reachable for them, unreachable for all others`,
        };
      },
    },
  ];
}

export function exampleOf({ external, paths, methods }: EgressEdge) {
  return { host: external.host, path: examplePath(paths[0] ?? '/'), method: methods[0] ?? 'GET' };
}

function egressServerName(): string {
  return serviceHost(EGRESS_GATEWAY.name, EGRESS_GATEWAY.namespace);
}

function isUnreachable({ status }: Reply): boolean {
  return status === 502 || status === 'ECONNREFUSED';
}

function passedGateway(mesh: Mesh, external: External): Promise<number> {
  const gateway = mesh.pods.find((pod) => pod.workload === egressGatewayWorkload.podLabels['app']);
  return sentOut(mesh.proxy(gateway?.name ?? ''), external);
}

/** Number of requests that the egress gateway has sent to the third party. */
export async function sentOut(egressGateway: Proxy, external: External): Promise<number> {
  const host = external.host.replaceAll('.', '\\.');
  const stats = await egressGateway.stats(
    new RegExp(`outbound\\|\\d+\\|\\|${host};?\\.upstream_rq_completed$`),
  );
  return [...stats.values()].reduce((sum, value) => sum + value, 0);
}
