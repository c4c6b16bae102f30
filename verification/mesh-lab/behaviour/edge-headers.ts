/** Headers at the edges of the mesh, as the header policy says. */
import { CallGraph, type EgressEdge } from '../../../model/call-graph';
import { HEADER_RULES, type HeaderRule } from '../../../model/header-policy';
import { publicHosts, type PublicRoute } from '../../../model/public-routes';
import { until } from '../../support/until';
import { EXPERIMENT_HEADER } from '../mesh/backends';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { PEER_METADATA, PEER_METADATA_HEADERS } from '../mesh/peer-metadata';
import { exampleOf } from './egress';
import { examplePath } from './example';
import { withExperiment, type Experiment } from './experiment';
import { requestOfRoute } from './request-forms';

const TRACE_HEADERS = /^(traceparent|tracestate|x-cloud-trace-context|grpc-trace-bin|x-request-id)$/;
/** A proxy refuses unreadable trace ids altogether; headers of responses only mean nothing in a request. */
const REQUEST_HEADERS = HEADER_RULES.filter(
  ({ name, fromClients, toThirdParties }) => (fromClients || toThirdParties) && !TRACE_HEADERS.test(name),
);
const MARKER = 'sent-by-the-client';

export function edgeHeaderTests(mesh: Mesh): LabTest[] {
  const graph = new CallGraph(mesh.environment);
  return [
    ...publicHosts(mesh.environment).flatMap(({ name, routes }) =>
      routes
        .slice(0, 1)
        .flatMap((route) => [
          clientHeaderTest(mesh, name, route),
          clientAddressTest(mesh, name, route),
          schemeTest(mesh, name, route),
        ]),
    ),
    ...mesh.environment.externals.flatMap((external) =>
      graph
        .callersOfExternal(external.name)
        .slice(0, 1)
        .map((edge) => thirdPartyHeaderTest(mesh, edge)),
    ),
  ];
}

function marked(names: readonly HeaderRule[]): Record<string, string> {
  return Object.fromEntries(names.map(({ name }) => [name, MARKER]));
}

function clientHeaderTest(mesh: Mesh, host: string, route: PublicRoute): LabTest {
  const { service } = route;
  return {
    id: `edge-headers/client-headers-of-${host}`,
    title: `no header that the header policy removes reaches ${service.name} from a client of ${host}, or a client in its response`,
    run: () =>
      withExperiment(
        mesh,
        service.versions.map(({ workload }) => workload),
        () => undefined,
        async (experiment) => {
          const { from, request } = requestOfRoute(mesh, host, route);
          const reply = await from.send({
            ...request,
            path: examplePath(route.path),
            headers: { ...marked(REQUEST_HEADERS), ...request.headers, ...experiment.headers },
          });
          assertThat(reply.status === 200, `the response was ${reply.status}`);
          const { headers } = arrivedOnce(experiment);
          for (const name of PEER_METADATA_HEADERS) {
            const seen = String(headers[name]);
            assertThat(
              seen === PEER_METADATA,
              `the service receives ${name} ${seen} instead of the gateway's`,
            );
            assertThat(reply.headers[name] === undefined, `the client receives ${name}`);
          }
          const passed = REQUEST_HEADERS.filter(({ name }) => String(headers[name]).includes(MARKER));
          const allowed = passed.filter(({ fromClients }) => !fromClients).map(({ name }) => name);
          const leaked = passed.filter(({ fromClients }) => fromClients).map(({ name }) => name);
          assertThat(leaked.length === 0, `the service receives ${leaked.join(', ')}`);
          const unexplained = allowed.filter((name) => name.startsWith('x-envoy-'));
          assertThat(unexplained.length === 0, `the service receives the client's ${unexplained.join(', ')}`);
          const returned = HEADER_RULES.filter(
            // The gateway writes these itself; `browsers/` tests their values.
            ({ name, toClients }) =>
              toClients && !name.startsWith('access-control-') && reply.headers[name] !== undefined,
          );
          assertThat(
            returned.length === 0,
            `the client receives ${returned.map(({ name }) => name).join(', ')}`,
          );
          return {
            seen: `${REQUEST_HEADERS.length} headers sent; passed on: ${allowed.join(', ') || 'none'}`,
          };
        },
      ),
  };
}

/** The load balancer appends the client's address and its own; a client can only write before them. */
function clientAddressTest(mesh: Mesh, host: string, route: PublicRoute): LabTest {
  const client = '203.0.113.7';
  return {
    id: `edge-headers/client-address-of-${host}`,
    title: `${route.service.name} receives the address that the load balancer has seen, not one that the client sent`,
    run: () =>
      withExperiment(
        mesh,
        route.service.versions.map(({ workload }) => workload),
        () => undefined,
        async (experiment) => {
          const { from, request } = requestOfRoute(mesh, host, route);
          const { status } = await from.send({
            ...request,
            path: examplePath(route.path),
            headers: {
              ...request.headers,
              ...experiment.headers,
              'x-forwarded-for': `198.51.100.99, ${client}, 192.0.2.1`,
            },
          });
          assertThat(status === 200, `the response was ${status}`);
          const seen = arrivedOnce(experiment).headers['x-envoy-external-address'];
          assertThat(seen === client, `x-envoy-external-address is ${String(seen)}`);
          return { seen: `x-envoy-external-address ${client}` };
        },
      ),
  };
}

/** Tests that wait until the proxies write their logs. */
export function accessLogTests(mesh: Mesh): LabTest[] {
  return publicHosts(mesh.environment).flatMap(({ name, routes: [route] }) =>
    route === undefined ? [] : [accessLogTest(mesh, name, route)],
  );
}

function accessLogTest(mesh: Mesh, host: string, route: PublicRoute): LabTest {
  const client = '203.0.113.7';
  return {
    id: `edge-headers/access-log-of-${host}`,
    title: `access logs have the address of the client that the load balancer has seen`,
    run: () =>
      withExperiment(
        mesh,
        [],
        () => undefined,
        async ({ headers }) => {
          const { from, request } = requestOfRoute(mesh, host, route);
          await from.send({
            ...request,
            path: examplePath(route.path),
            headers: {
              ...request.headers,
              ...headers,
              'x-forwarded-for': `198.51.100.99, ${client}, 192.0.2.1`,
            },
          });
          const start = `${host} ${headers[EXPERIMENT_HEADER]} `;
          const addresses = () =>
            mesh
              .accessLog()
              .filter((line) => line.startsWith(start))
              .map((line) => line.slice(start.length));
          // The proxies write at different times. The one of the service logs the hop before it.
          await until(() => addresses().includes(client), {
            everyMs: 500,
            limitMs: 25_000,
            otherwise: () => new Error(`the logs have ${addresses().join(', ') || 'no such request'}`),
          });
          return { seen: addresses().join(', ') };
        },
      ),
  };
}

/** The load balancer writes the scheme of the client; the hop behind it may be plain HTTP. */
function schemeTest(mesh: Mesh, host: string, route: PublicRoute): LabTest {
  const { hopEncryption } = mesh.environment.ingress;
  return {
    id: `edge-headers/scheme-of-${host}`,
    title: `${route.service.name} receives the client's scheme, https, although the hop's encryption is '${hopEncryption}'`,
    run: () =>
      withExperiment(
        mesh,
        [],
        () => undefined,
        async ({ headers, received }) => {
          const { from, request } = requestOfRoute(mesh, host, route);
          const written = [{}, { 'x-forwarded-proto': 'https' }, { 'x-forwarded-proto': 'http' }];
          for (const own of written) {
            const { status } = await from.send({
              ...request,
              path: examplePath(route.path),
              headers: { ...request.headers, ...headers, ...own },
            });
            assertThat(status === 200, `the response was ${status}`);
          }
          const schemes = received().map((arrived) => String(arrived.headers['x-forwarded-proto']));
          assertThat(
            schemes.length === written.length && schemes.every((scheme) => scheme === 'https'),
            `x-forwarded-proto is ${schemes.join(', ')}`,
          );
          return { seen: `https, hop '${hopEncryption}'` };
        },
      ),
  };
}

/** Sends every header of the table, and what only proxies set, from the application. */
function thirdPartyHeaderTest(mesh: Mesh, edge: EgressEdge): LabTest {
  const { external, caller } = edge;
  return {
    id: `edge-headers/headers-to-${external.name}`,
    title: `${external.name} receives no header of the mesh`,
    run: () =>
      withExperiment(
        mesh,
        [],
        () => undefined,
        async (experiment) => {
          const { status } = await mesh.from(caller.serviceAccount).send({
            ...exampleOf(edge),
            headers: {
              ...marked(REQUEST_HEADERS),
              traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
              'x-request-id': '7e57c0de-0000-4000-8000-000000000000',
              ...experiment.headers,
            },
          });
          assertThat(status === 200, `the response was ${status}`);
          const arrived = Object.keys(arrivedOnce(experiment).headers);
          const forbidden = arrived.filter(
            (name) => !EXPECTED_HEADERS.has(name) && !(name in experiment.headers),
          );
          assertThat(forbidden.length === 0, `the third party receives ${forbidden.join(', ')}`);
          return { seen: `received: ${arrived.join(', ')}` };
        },
      ),
  };
}

/** All that a third party may receive of a request without a body of the application's own. */
const EXPECTED_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'user-agent',
  'connection',
]);

function arrivedOnce({ received }: Experiment) {
  const [arrived, ...more] = received();
  assertThat(
    arrived !== undefined && more.length === 0,
    `${received().length} requests arrived instead of 1`,
  );
  return arrived;
}
