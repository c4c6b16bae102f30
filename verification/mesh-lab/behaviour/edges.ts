/** Who reaches whom: every edge of the catalogue, and every pair that is none. */
import {
  type Edge,
  egressGatewayWorkload,
  ingressGatewayWorkload,
  type Workload,
} from '../../../model/call-graph';
import { type IngressRoute, type Service, type Version } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { bearer } from '../mesh/tokens';
import { type Reply } from '../mesh/send';
import {
  ALL_METHODS,
  allows,
  calleesOf,
  examplePath,
  identityOf,
  isSame,
  UNDECLARED_PATH,
  versionsOf,
  type Callee,
} from './example';

/** A workload of the mesh that no edge begins at. */
export const STRANGER: Workload = {
  namespace: 'default',
  serviceAccount: 'stranger',
  podLabels: { app: 'stranger' },
};

export function edgeTests(mesh: Mesh): LabTest[] {
  const callees = calleesOf(mesh.environment);
  return callees.flatMap((callee) => [
    ...callee.edges.map((edge) => allowedTest(mesh, callee.service, edge)),
    ...callee.service.ingress.map((route) => gatewayLimitsTest(mesh, callee.service, route)),
    ...callee.service.versions.flatMap((version) => [
      ...callee.edges.map((edge) => admittedTest(mesh, callee.service, version, edge)),
      ...strangersTo(mesh, callee).map((caller) => absentTest(mesh, callee, version, caller)),
      ...callersOf(callee).map((caller) => limitsTest(mesh, callee, version, caller)),
    ]),
  ]);
}

function allowedTest(mesh: Mesh, service: Service, edge: Edge): LabTest {
  const { serviceAccount } = edge.caller;
  const requests = requestsOf(edge);
  return {
    id: `edges/${serviceAccount}-reaches-${service.name}-${edge.methods.join('-')}-${edge.paths.length}`,
    title: `${serviceAccount} reaches ${service.name} by ${edge.methods.join(', ')} ${edge.paths.join(', ')}, under its own name`,
    run: async () => {
      const identity = identityOf(mesh.environment, edge.caller);
      const workloads = service.versions.map((version) => version.workload);
      for (const request of requests) {
        const reply = await sendAs(mesh, service, edge, request);
        const { status, headers } = reply;
        assertThat(status === 200, `${request.method} ${request.path} was answered ${status}`);
        assertThat(
          workloads.includes(String(headers['x-lab-by'])),
          `${String(headers['x-lab-by'])} answered`,
        );
        expectSeenAs(identity, reply);
      }
      return { seen: `${requests.length} × 200, seen by the callee as ${identity}` };
    },
  };
}

/** Weights decide which version is asked, and a version that gets little is never asked at all: so each by itself. */
function admittedTest(mesh: Mesh, service: Service, version: Version, edge: Edge): LabTest {
  const { serviceAccount } = edge.caller;
  const requests = requestsOf(edge);
  return {
    id: `edges/${version.workload}-admits-${serviceAccount}-${edge.methods.join('-')}-${edge.paths.length}`,
    title: `${version.workload} admits ${serviceAccount} by ${edge.methods.join(', ')} ${edge.paths.join(', ')}`,
    run: async () => {
      const identity = identityOf(mesh.environment, edge.caller);
      const headers = edge.jwt === 'required' ? bearer(mesh.issuer.token()) : {};
      const straight = mesh.straightTo(version.workload, service.port, mesh.certificateOf(serviceAccount));
      for (const request of requests) {
        const reply = await straight.send({ host: service.host, ...request, headers });
        assertThat(reply.status === 200, `${request.method} ${request.path} was answered ${reply.status}`);
        assertThat(
          reply.headers['x-lab-by'] === version.workload,
          `${String(reply.headers['x-lab-by'])} answered`,
        );
        expectSeenAs(identity, reply);
      }
      return { seen: `${requests.length} × 200 past any proxy of the caller, seen as ${identity}` };
    },
  };
}

function requestsOf(edge: Edge): { readonly method: string; readonly path: string }[] {
  return edge.paths.flatMap((pattern) =>
    edge.methods.map((method) => ({ method, path: examplePath(pattern) })),
  );
}

function expectSeenAs(identity: string, { headers }: Reply): void {
  const client = String(headers['x-lab-client']);
  assertThat(
    client.endsWith(`;URI=${identity}`),
    `the callee saw '${client.slice(-120)}' instead of ${identity}`,
  );
}

function sendAs(
  mesh: Mesh,
  service: Service,
  edge: Edge,
  request: { method: string; path: string },
): Promise<Reply> {
  const headers = edge.jwt === 'required' ? bearer(mesh.issuer.token()) : {};
  if (!isSame(edge.caller, ingressGatewayWorkload))
    return mesh.from(edge.caller.serviceAccount).send({ host: service.host, ...request });
  const route = service.ingress.find(
    ({ methods, paths }) => methods === edge.methods && paths === edge.paths,
  );
  const host = mesh.environment.domainNames[route?.host ?? 'api'];
  return mesh.client.send({ host, ...request, headers });
}

/** Two locks: the caller's own proxy does not know the callee, and the callee refuses the caller's name. */
function absentTest(mesh: Mesh, { service, edges }: Callee, version: Version, caller: Workload): LabTest {
  const name = caller.serviceAccount;
  // Whatever the callee allows to anybody.
  const open = edges.map((edge) => ({
    method: edge.methods[0] ?? 'GET',
    path: examplePath(edge.paths.at(-1) ?? '/'),
  }));
  const requests = open.length > 0 ? open : [{ method: 'GET', path: '/' }];
  return {
    id: `edges/${name}-never-reaches-${version.workload}`,
    title: `${name} does not reach ${version.workload}, neither through its proxy nor past it`,
    run: async () => {
      const headers = bearer(mesh.issuer.token());
      const straight = mesh.straightTo(version.workload, service.port, mesh.certificateOf(name));
      const own: (number | string)[] = [];
      for (const request of requests) {
        const past = await straight.send({ host: service.host, ...request, headers });
        assertThat(
          past.status === 403,
          `straight to the pod, ${request.method} ${request.path} was answered ${past.status} instead of 403`,
        );
        if (isGateway(caller)) continue;
        const { status } = await mesh.from(name).send({ host: version.host, ...request, headers });
        assertThat(
          status === 502 || status === 'ECONNREFUSED',
          `its own proxy knows the way, and got ${status}`,
        );
        own.push(status);
      }
      return { seen: `${own.length > 0 ? `own proxy: ${own[0]}; ` : ''}past any proxy: 403` };
    },
  };
}

/** An edge allows what it names: any other method or path is refused by the callee itself. */
function limitsTest(mesh: Mesh, { service, edges }: Callee, version: Version, caller: Workload): LabTest {
  const own = edges.filter((edge) => isSame(edge.caller, caller));
  const path = examplePath(own[0]?.paths[0] ?? '/');
  const method = own[0]?.methods[0] ?? 'GET';
  const forbidden = [
    ...ALL_METHODS.map((other) => ({ method: other, path })),
    { method, path: UNDECLARED_PATH },
  ].filter((request) => !own.some((edge) => allows(edge, request.method, request.path)));
  return {
    id: `edges/${caller.serviceAccount}-may-do-no-more-at-${version.workload}`,
    title: `${version.workload} refuses every other method and path of ${caller.serviceAccount}`,
    run: async () => {
      const headers = bearer(mesh.issuer.token());
      const straight = mesh.straightTo(
        version.workload,
        service.port,
        mesh.certificateOf(caller.serviceAccount),
      );
      for (const request of forbidden) {
        const { status } = await straight.send({ host: service.host, ...request, headers });
        assertThat(status === 403, `${request.method} ${request.path} was answered ${status} instead of 403`);
      }
      return {
        seen: `403 for ${forbidden.map((request) => `${request.method} ${request.path}`).join(', ')}`,
      };
    },
  };
}

/** The gateway does not even ask the service. */
function gatewayLimitsTest(mesh: Mesh, service: Service, route: IngressRoute): LabTest {
  const host = mesh.environment.domainNames[route.host];
  const routes = mesh.environment.services.flatMap(({ ingress }) =>
    ingress.filter((other) => other.host === route.host),
  );
  const path = examplePath(route.paths[0] ?? '/');
  const forbidden = [
    ...ALL_METHODS.map((method) => ({ method, path })),
    { method: 'GET', path: UNDECLARED_PATH },
  ].filter((request) => !routes.some((other) => allows(other, request.method, request.path)));
  return {
    id: `edges/gateway-refuses-more-of-${service.name}-${route.host}`,
    title: `the ingress gateway refuses visitors every other method and path of ${service.name}`,
    run: async () => {
      const headers = bearer(mesh.issuer.token());
      for (const request of forbidden) {
        const { status } = await mesh.client.send({ host, ...request, headers });
        assertThat(status === 403, `${request.method} ${request.path} was answered ${status} instead of 403`);
      }
      return {
        seen: `403 for ${forbidden.map((request) => `${request.method} ${request.path}`).join(', ')}`,
      };
    },
  };
}

function callersOf({ edges }: Callee): Workload[] {
  const callers = new Map(
    edges.map(({ caller }) => [`${caller.namespace}/${caller.serviceAccount}`, caller]),
  );
  return [...callers.values()];
}

function strangersTo(mesh: Mesh, callee: Callee): Workload[] {
  const callers = callersOf(callee);
  const everybody = [
    // Those of the callee as well: a service does not call itself, nor one version the other.
    ...versionsOf(mesh.environment).map(({ workload }) => workload),
    ingressGatewayWorkload,
    ...(mesh.environment.externals.length > 0 ? [egressGatewayWorkload] : []),
    STRANGER,
  ];
  return everybody.filter((candidate) => !callers.some((caller) => isSame(caller, candidate)));
}

function isGateway(workload: Workload): boolean {
  return isSame(workload, ingressGatewayWorkload) || isSame(workload, egressGatewayWorkload);
}
