/** The only way out of the mesh, for those whom the catalogue names and to whom it names. */
import { CallGraph, egressGatewayWorkload, type EgressEdge, type Workload } from '../../../model/call-graph';
import {
  databaseHost,
  DATABASE_PORTS,
  EGRESS_GATEWAY,
  GATEWAY_PORTS,
  serviceHost,
} from '../../../model/naming';
import { type External } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Proxy } from '../mesh/proxy';
import { type Reply } from '../mesh/send';
import { reachesByTcp } from '../mesh/reaches-by-tcp';
import { ALL_METHODS, allows, examplePath, isSame, UNDECLARED_PATH, versionsOf } from './example';
import { duringExperiment } from './experiment';
import { STRANGER } from './edges';

const UNKNOWN_HOST = 'exfiltration.invalid';

export function egressTests(mesh: Mesh): LabTest[] {
  const { environment } = mesh;
  const graph = new CallGraph(environment);
  return [
    ...environment.externals.flatMap((external) => {
      const edges = graph.callersOfExternal(external.name);
      return [
        ...edges.map((edge) => allowedTest(mesh, edge)),
        ...everybody(mesh)
          .filter((workload) => !edges.some(({ caller }) => isSame(caller, workload)))
          .map((workload) => refusedTest(mesh, external, workload, edges[0])),
        ...edges.slice(0, 1).map((edge) => verificationTest(mesh, edge)),
      ];
    }),
    ...everybody(mesh).map((workload) => unknownHostTest(mesh, workload)),
    ...databaseTests(mesh),
  ];
}

function everybody({ environment }: Mesh): Workload[] {
  return [...versionsOf(environment).map(({ workload }) => workload), STRANGER];
}

function allowedTest(mesh: Mesh, edge: EgressEdge): LabTest {
  const { external, caller } = edge;
  const name = caller.serviceAccount;
  const request = exampleOf(edge);
  return {
    id: `egress/${name}-reaches-${external.name}`,
    title: `${name} reaches ${external.name} through the egress gateway, over TLS, and may ask for no more`,
    run: () =>
      duringExperiment(
        mesh,
        [],
        () => undefined,
        async ({ headers, seen }) => {
          const before = await passedGateway(mesh, external);
          const { status } = await mesh.from(name).send({ ...request, headers });
          assertThat(status === 200, `the answer was ${status}`);
          const [arrived] = seen();
          assertThat(arrived?.serverName === external.sni, `TLS asked for '${arrived?.serverName}'`);
          const leaked = Object.keys(arrived.headers).filter((header) =>
            /^x-(forwarded-client-cert|envoy-peer)/.test(header),
          );
          assertThat(leaked.length === 0, `the third party is told ${leaked.join(', ')}`);
          assertThat(
            (await passedGateway(mesh, external)) === before + 1,
            'the request did not pass the egress gateway',
          );

          const forbidden = [
            ...ALL_METHODS.map((method) => ({ ...request, method })),
            { ...request, path: UNDECLARED_PATH },
          ].filter(({ method, path }) => !allows(edge, method, path));
          for (const other of forbidden) {
            const refused = await mesh.from(name).send({ ...other, headers });
            assertThat(
              refused.status === 403,
              `${other.method} ${other.path} was answered ${refused.status}`,
            );
          }
          assertThat(seen().length === 1, `${seen().length} requests arrived instead of one`);
          return {
            seen: `200 with server name ${external.sni}; 403 for ${forbidden.length} other methods and paths`,
          };
        },
      ),
  };
}

/** The name is no part of the scope; and the gateway itself does not know the caller. */
function refusedTest(
  mesh: Mesh,
  external: External,
  workload: Workload,
  edge: EgressEdge | undefined,
): LabTest {
  const name = workload.serviceAccount;
  return {
    id: `egress/${name}-never-reaches-${external.name}`,
    title: `${name} does not reach ${external.name}, nor the egress gateway's ear`,
    run: async () => {
      const request = edge ? exampleOf(edge) : { host: external.host, path: '/', method: 'GET' };
      const own = await mesh.from(name).send(request);
      assertThat(isNoAnswer(own), `through its own proxy: ${own.status}`);
      const past = await mesh
        .straightTo(EGRESS_GATEWAY.name, GATEWAY_PORTS.https, mesh.certificateOf(name), egressServerName())
        .send(request);
      assertThat(
        past.status === 403,
        `straight to the gateway, with its own certificate: ${past.status} instead of 403`,
      );
      return { seen: `own proxy: ${own.status}; at the gateway: ${past.status}` };
    },
  };
}

function verificationTest(mesh: Mesh, edge: EgressEdge): LabTest {
  const { external, caller } = edge;
  const { host } = external;
  return {
    id: `egress/${external.name}-must-prove-its-name`,
    title: `nothing is sent to a ${external.name} whose certificate is of another name or of an unknown authority`,
    run: () =>
      duringExperiment(
        mesh,
        [],
        () => undefined,
        async ({ headers, seen }) => {
          const sendOnce = () => mesh.from(caller.serviceAccount).send({ ...exampleOf(edge), headers });
          const impostors = {
            'another name': await mesh.thirdParties.certificateFor('impostor.invalid'),
            'an unknown authority': mesh.foreignCertificate,
          };
          const outcomes: string[] = [];
          try {
            for (const [name, certificate] of Object.entries(impostors)) {
              mesh.thirdParties.showCertificate(host, certificate);
              const { status } = await sendOnce();
              assertThat(status === 503, `${name}: ${status} instead of 503`);
              outcomes.push(`${name} ${status}`);
            }
          } finally {
            mesh.thirdParties.showCertificate(host, mesh.thirdParties.ownCertificate(host));
          }
          assertThat(seen().length === 0, `${seen().length} requests reached the impostor`);
          const { status } = await sendOnce();
          assertThat(status === 200, `with its own certificate again: ${status}`);
          return { seen: `${outcomes.join(', ')}, nothing sent; its own again 200` };
        },
      ),
  };
}

function unknownHostTest(mesh: Mesh, { serviceAccount }: Workload): LabTest {
  return {
    id: `egress/${serviceAccount}-reaches-no-unknown-host`,
    title: `the proxy of ${serviceAccount} takes nothing to a host that the catalogue does not name`,
    run: async () => {
      const reply = await mesh.from(serviceAccount).send({ host: UNKNOWN_HOST });
      assertThat(isNoAnswer(reply), `${UNKNOWN_HOST} was answered ${reply.status}`);
      return { seen: String(reply.status) };
    },
  };
}

/** Without an entry in its scope, a proxy does not even listen at the database's ports. */
function databaseTests(mesh: Mesh): LabTest[] {
  const users = versionsOf(mesh.environment).filter(({ service }) => service.database);
  if (users.length === 0) return [];
  return [
    {
      id: `egress/database-only-by-its-users`,
      title: `only ${users.map(({ version }) => version.workload).join(', ')} reach ${databaseHost(mesh.environment.mesh.name)}`,
      run: async () => {
        for (const { service, workload } of versionsOf(mesh.environment)) {
          for (const port of Object.values(DATABASE_PORTS)) {
            const reaches = await reachesByTcp(mesh.podOf(workload.serviceAccount).ip, port);
            assertThat(
              reaches === service.database,
              `${workload.serviceAccount}: ${reaches ? 'reached' : 'not reached'} at ${port}`,
            );
          }
        }
        return {
          seen: `ports ${Object.values(DATABASE_PORTS).join(', ')}: answered for them, refused for all others`,
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

function isNoAnswer({ status }: Reply): boolean {
  return status === 502 || status === 'ECONNREFUSED';
}

function passedGateway(mesh: Mesh, external: External): Promise<number> {
  const gateway = mesh.pods.find((pod) => pod.workload === egressGatewayWorkload.podLabels['app']);
  return sentOut(mesh.proxy(gateway?.name ?? ''), external);
}

/** Requests that the egress gateway has sent to the third party so far. */
export async function sentOut(egressGateway: Proxy, external: External): Promise<number> {
  const host = external.host.replaceAll('.', '\\.');
  const stats = await egressGateway.stats(
    new RegExp(`outbound\\|\\d+\\|\\|${host};?\\.upstream_rq_completed$`),
  );
  return [...stats.values()].reduce((sum, value) => sum + value, 0);
}
