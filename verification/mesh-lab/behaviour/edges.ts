/** Every edge of the catalogue works, and every other pair is rejected. */
import {
  type Edge,
  egressGatewayWorkload,
  ingressGatewayWorkload,
  type WorkloadIdentity,
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
  routeOfEdge,
  UNDECLARED_PATH,
  versionsOf,
  type Callee,
} from './example';

/** A workload in the mesh that the catalogue does not know. */
export const UNKNOWN_WORKLOAD: WorkloadIdentity = {
  namespace: 'default',
  serviceAccount: 'unknown-workload',
  podLabels: { app: 'unknown-workload' },
};

export function edgeTests(mesh: Mesh): LabTest[] {
  const callees = calleesOf(mesh.environment);
  return callees.flatMap((callee) => [
    ...callee.edges.map((edge) => allowedTest(mesh, callee.service, edge)),
    ...callee.service.ingress.map((route) => gatewayLimitsTest(mesh, callee.service, route)),
    ...callee.service.versions.flatMap((version) => [
      ...callee.edges.map((edge) => admittedTest(mesh, callee.service, version, edge)),
      ...nonCallersOf(mesh, callee).map((caller) => nonCallerTest(mesh, callee, version, caller)),
      ...callersOf(callee).map((caller) => limitsTest(mesh, callee, version, caller)),
    ]),
  ]);
}

function allowedTest(mesh: Mesh, service: Service, edge: Edge): LabTest {
  const { serviceAccount } = edge.caller;
  const requests = requestsOf(edge);
  return {
    id: `edges/${serviceAccount}-reaches-${service.name}-${edge.methods.join('-')}-${edge.paths.length}`,
    title: `${serviceAccount} reaches ${service.name} by ${edge.methods.join(', ')} ${edge.paths.join(', ')}`,
    run: async () => {
      const identity = identityOf(mesh.environment, edge.caller);
      const workloads = service.versions.map((version) => version.workload);
      for (const request of requests) {
        const reply = await sendAs(mesh, service, edge, request);
        const { status, headers } = reply;
        assertThat(status === 200, `${request.method} ${request.path} got ${status}`);
        assertThat(
          workloads.includes(String(headers['x-lab-workload'])),
          `${String(headers['x-lab-workload'])} responded`,
        );
        expectIdentity(identity, reply);
      }
      return { seen: `${requests.length} × 200; client identity ${identity}` };
    },
  };
}

/** Calls each version directly, because a version with a small weight may not get any request otherwise. */
function admittedTest(mesh: Mesh, service: Service, version: Version, edge: Edge): LabTest {
  const { serviceAccount } = edge.caller;
  const requests = requestsOf(edge);
  return {
    id: `edges/${version.workload}-admits-${serviceAccount}-${edge.methods.join('-')}-${edge.paths.length}`,
    title: `${version.workload} admits ${serviceAccount} by ${edge.methods.join(', ')} ${edge.paths.join(', ')}`,
    run: async () => {
      const identity = identityOf(mesh.environment, edge.caller);
      const headers = edge.jwt === 'required' ? bearer(mesh.issuer.token()) : {};
      const direct = mesh.directTo(version.workload, service.port, mesh.certificateOf(serviceAccount));
      for (const request of requests) {
        const reply = await direct.send({ host: service.host, ...request, headers });
        assertThat(reply.status === 200, `${request.method} ${request.path} got ${reply.status}`);
        assertThat(
          reply.headers['x-lab-workload'] === version.workload,
          `${String(reply.headers['x-lab-workload'])} responded`,
        );
        expectIdentity(identity, reply);
      }
      return { seen: `${requests.length} × 200 without the caller's proxy; client identity ${identity}` };
    },
  };
}

function requestsOf(edge: Edge): { readonly method: string; readonly path: string }[] {
  return edge.paths.flatMap((pattern) =>
    edge.methods.map((method) => ({ method, path: examplePath(pattern) })),
  );
}

function expectIdentity(identity: string, { headers }: Reply): void {
  const client = String(headers['x-lab-client']);
  assertThat(
    client.endsWith(`;URI=${identity}`),
    `the callee received the identity '${client.slice(-120)}' instead of ${identity}`,
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
  const route = routeOfEdge(service, edge);
  const host = mesh.environment.domainNames[route?.host ?? 'api'];
  return mesh.client.send({ host, ...request, headers });
}

/** Two layers: the caller's proxy has no route to the callee, and the callee rejects the caller's identity. */
function nonCallerTest(
  mesh: Mesh,
  { service, edges }: Callee,
  version: Version,
  caller: WorkloadIdentity,
): LabTest {
  const name = caller.serviceAccount;
  // Requests that the callee allows to its callers.
  const allowed = edges.map((edge) => ({
    method: edge.methods[0] ?? 'GET',
    path: examplePath(edge.paths.at(-1) ?? '/'),
  }));
  const requests = allowed.length > 0 ? allowed : [{ method: 'GET', path: '/' }];
  return {
    id: `edges/${name}-cannot-reach-${version.workload}`,
    title: `${name} cannot reach ${version.workload}, with or without its proxy`,
    run: async () => {
      const headers = bearer(mesh.issuer.token());
      const direct = mesh.directTo(version.workload, service.port, mesh.certificateOf(name));
      const withProxy: (number | string)[] = [];
      for (const request of requests) {
        const withoutProxy = await direct.send({ host: service.host, ...request, headers });
        assertThat(
          withoutProxy.status === 403,
          `without its proxy, ${request.method} ${request.path} got ${withoutProxy.status} instead of 403`,
        );
        if (isGateway(caller)) continue;
        const { status } = await mesh.from(name).send({ host: version.host, ...request, headers });
        assertThat(
          status === 502 || status === 'ECONNREFUSED',
          `with its proxy, ${request.method} ${request.path} got ${status} instead of 502`,
        );
        withProxy.push(status);
      }
      return {
        seen: `${withProxy.length > 0 ? `with its proxy: ${withProxy[0]}; ` : ''}without its proxy: 403`,
      };
    },
  };
}

/** The callee rejects what the caller's edges do not declare, also if it is declared for another caller. */
function limitsTest(
  mesh: Mesh,
  { service, edges }: Callee,
  version: Version,
  caller: WorkloadIdentity,
): LabTest {
  const own = edges.filter((edge) => isSame(edge.caller, caller));
  const path = examplePath(own[0]?.paths[0] ?? '/');
  const method = own[0]?.methods[0] ?? 'GET';
  const forbidden = [
    ...ALL_METHODS.map((other) => ({ method: other, path })),
    { method, path: UNDECLARED_PATH },
    ...edges.filter((edge) => !own.includes(edge)).flatMap(requestsOf),
  ].filter((request) => !own.some((edge) => allows(edge, request.method, request.path)));
  return {
    id: `edges/${caller.serviceAccount}-is-limited-to-declared-calls-at-${version.workload}`,
    title: `${version.workload} rejects undeclared methods and paths of ${caller.serviceAccount}`,
    run: async () => {
      const headers = bearer(mesh.issuer.token());
      const direct = mesh.directTo(version.workload, service.port, mesh.certificateOf(caller.serviceAccount));
      for (const request of forbidden) {
        const { status } = await direct.send({ host: service.host, ...request, headers });
        assertThat(status === 403, `${request.method} ${request.path} got ${status} instead of 403`);
      }
      return {
        seen: `403 for ${forbidden.map((request) => `${request.method} ${request.path}`).join(', ')}`,
      };
    },
  };
}

/** The gateway rejects undeclared requests itself. */
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
    id: `edges/gateway-rejects-undeclared-calls-of-${service.name}-${route.host}`,
    title: `the ingress gateway rejects undeclared methods and paths of ${service.name}`,
    run: async () => {
      const headers = bearer(mesh.issuer.token());
      for (const request of forbidden) {
        const { status } = await mesh.client.send({ host, ...request, headers });
        assertThat(status === 403, `${request.method} ${request.path} got ${status} instead of 403`);
      }
      return {
        seen: `403 for ${forbidden.map((request) => `${request.method} ${request.path}`).join(', ')}`,
      };
    },
  };
}

function callersOf({ edges }: Callee): WorkloadIdentity[] {
  const callers = new Map(
    edges.map(({ caller }) => [`${caller.namespace}/${caller.serviceAccount}`, caller]),
  );
  return [...callers.values()];
}

function nonCallersOf(mesh: Mesh, callee: Callee): WorkloadIdentity[] {
  const callers = callersOf(callee);
  const workloads = [
    // Includes the callee's versions: a service may not call itself or its other version.
    ...versionsOf(mesh.environment).map(({ workload }) => workload),
    ingressGatewayWorkload,
    ...(mesh.environment.externals.length > 0 ? [egressGatewayWorkload] : []),
    UNKNOWN_WORKLOAD,
  ];
  return workloads.filter((candidate) => !callers.some((caller) => isSame(caller, candidate)));
}

function isGateway(workload: WorkloadIdentity): boolean {
  return isSame(workload, ingressGatewayWorkload) || isSame(workload, egressGatewayWorkload);
}
