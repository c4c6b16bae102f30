/** Forms of requests that policies and applications could read differently, and headers at the edges of the mesh. */
import { CallGraph, type EgressEdge } from '../../../model/call-graph';
import { HEADER_RULES, type HeaderRule } from '../../../model/header-policy';
import { publicHosts, type PublicRoute } from '../../../model/public-routes';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Caller, type Mesh } from '../mesh/mesh';
import { bearer } from '../mesh/tokens';
import { exampleOf } from './egress';
import { calleesOf, examplePath, isGatewayEdge } from './example';
import { withExperiment, type Experiment } from './experiment';

/** Each would reach `…/admin` in an application that decodes the path once more. */
const ESCAPES = ['..%2fadmin', '..%2Fadmin', '..%5cadmin', '%252e%252e/admin', 'x%00', '..%c0%afadmin'];
/** Proxies resolve these, so policies and applications see the path that remains. */
const DOT_SEGMENTS = ['../lab-x', '%2e%2e/lab-x', '..;/lab-x', '.;a=b/lab-x', 'a/b/../%2e./lab-x'];
const MARKER = 'sent-by-the-client';

export function requestFormTests(mesh: Mesh): LabTest[] {
  const hosts = publicHosts(mesh.environment);
  const graph = new CallGraph(mesh.environment);
  return [
    ...hosts.flatMap(({ name, routes }) => {
      const [withToken] = routes.filter(({ jwt }) => jwt === 'required');
      return [
        pathTest(
          mesh,
          `gateway-${name}`,
          routes.map((route) => publicRequest(mesh, name, route)),
        ),
        hostTest(mesh, name, routes),
        ...(withToken ? [queryTokenTest(mesh, name, withToken)] : []),
        ...routes
          .slice(0, 1)
          .flatMap((route) => [clientHeaderTest(mesh, name, route), clientAddressTest(mesh, name, route)]),
      ];
    }),
    ...calleesOf(mesh.environment).flatMap(({ service, edges }) => {
      const inside = edges.filter((edge) => !isGatewayEdge(edge));
      if (inside.length === 0) return [];
      const requests = inside.map(({ caller, methods, paths }) => ({
        from: mesh.from(caller.serviceAccount),
        request: { host: service.host, method: methods[0] ?? 'GET', path: paths.at(-1) ?? '/' },
      }));
      return [pathTest(mesh, `callers-of-${service.name}`, requests)];
    }),
    ...mesh.environment.externals.flatMap((external) => {
      const edges = graph.callersOfExternal(external.name);
      const requests = edges.map((edge) => ({
        from: mesh.from(edge.caller.serviceAccount),
        request: { ...exampleOf(edge), path: edge.paths.at(-1) ?? '/' },
      }));
      return edges.length === 0
        ? []
        : [
            pathTest(mesh, `callers-of-${external.name}`, requests),
            ...edges.slice(0, 1).map((edge) => thirdPartyHeaderTest(mesh, edge)),
          ];
    }),
  ];
}

interface Sender {
  readonly from: Caller;
  /** `path` is a pattern of the catalogue. */
  readonly request: {
    readonly host: string;
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
  };
}

function publicRequest(mesh: Mesh, host: string, { jwt, methods, path }: PublicRoute): Sender {
  const headers = jwt === 'required' ? bearer(mesh.issuer.token()) : {};
  return { from: mesh.client, request: { host, method: methods[0] ?? 'GET', path, headers } };
}

function pathTest(mesh: Mesh, name: string, senders: readonly Sender[]): LabTest {
  return {
    id: `request-forms/paths-of-${name}`,
    title: `${name}: encoded separators and double encoding are refused, dot segments are resolved before policies decide`,
    run: () =>
      withExperiment(
        mesh,
        [],
        () => undefined,
        async ({ headers, received }) => {
          let refused = 0;
          for (const { from, request } of senders.filter(({ request: { path } }) => path.endsWith('/*'))) {
            const send = async (suffix: string) => {
              const path = `${request.path.slice(0, -1)}${suffix}`;
              const { status } = await from.send({
                ...request,
                path,
                headers: { ...request.headers, ...headers },
              });
              return { path, status };
            };
            for (const suffix of ESCAPES) {
              const { path, status } = await send(suffix);
              assertThat(status === 400 || status === 403, `${request.method} ${path} got ${status}`);
              refused += 1;
            }
            for (const suffix of DOT_SEGMENTS) await send(suffix);
          }
          // Pods without a proxy of their own have no policy.
          const arrived = received().filter(({ pod }) => !pod.includes('-bare-'));
          for (const { path, workload } of arrived) {
            const declared = senders.some(({ request }) => path.startsWith(request.path.replace('*', '')));
            assertThat(/lab-x$/.test(path) && declared, `${path} reached ${workload}`);
            assertThat(!/(^|\/)\.|%|;/.test(path), `${path} reached ${workload} unresolved`);
          }
          return { seen: `${refused} requests refused; dot segments reach applications resolved` };
        },
      ),
  };
}

function hostTest(mesh: Mesh, host: string, routes: readonly PublicRoute[]): LabTest {
  return {
    id: `request-forms/hosts-of-${host}`,
    title: `${host} is served with port 443 or none, and no other text after the name`,
    run: async () => {
      const [route] = routes;
      if (route === undefined) return { seen: 'no route' };
      const { from, request } = publicRequest(mesh, host, route);
      const path = examplePath(route.path);
      const accepted = await from.send({ ...request, path, host: `${host}:443` });
      assertThat(accepted.status === 200, `with port 443: ${accepted.status}`);
      const others = [
        `${host}:@evil.example`,
        `${host}:8443`,
        `${host}.evil.example`,
        `evil.${host}`,
        `${host}:443@evil`,
      ];
      for (const other of others) {
        const { status } = await from.send({ ...request, path, host: other });
        assertThat([400, 403, 404].includes(Number(status)), `Host: ${other} got ${status}`);
      }
      return { seen: `${others.length} other hosts refused` };
    },
  };
}

function queryTokenTest(mesh: Mesh, host: string, route: PublicRoute): LabTest {
  return {
    id: `request-forms/query-token-of-${host}`,
    title: `${host} accepts a token in the Authorization header only`,
    run: async () => {
      const token = mesh.issuer.token();
      const path = examplePath(route.path);
      const request = { host, method: route.methods[0] ?? 'GET' };
      const inQuery = await mesh.client.send({ ...request, path: `${path}?access_token=${token}` });
      const inCookie = await mesh.client.send({
        ...request,
        path,
        headers: { cookie: `access_token=${token}` },
      });
      const inHeader = await mesh.client.send({ ...request, path, headers: bearer(token) });
      assertThat(inQuery.status === 403, `in the query: ${inQuery.status}`);
      assertThat(inCookie.status === 403, `in a cookie: ${inCookie.status}`);
      assertThat(inHeader.status === 200, `in the header: ${inHeader.status}`);
      return { seen: 'query 403, cookie 403, header 200' };
    },
  };
}

function marked(names: readonly HeaderRule[]): Record<string, string> {
  return Object.fromEntries(names.map(({ name }) => [name, MARKER]));
}

/** Rejects headers that a proxy refuses altogether, such as an unreadable trace id, by leaving them out. */
function clientHeaderTest(mesh: Mesh, host: string, route: PublicRoute): LabTest {
  const { service } = route;
  return {
    id: `request-forms/client-headers-of-${host}`,
    title: `no header that the header policy removes reaches ${service.name} from a client of ${host}, or a client in its response`,
    run: () =>
      withExperiment(
        mesh,
        service.versions.map(({ workload }) => workload),
        () => undefined,
        async (experiment) => {
          const { from, request } = publicRequest(mesh, host, route);
          const discarded = HEADER_RULES.filter(({ name }) => !TRACE_HEADERS.test(name));
          const reply = await from.send({
            ...request,
            path: examplePath(route.path),
            headers: { ...marked(discarded), ...request.headers, ...experiment.headers },
          });
          assertThat(reply.status === 200, `the response was ${reply.status}`);
          const { headers } = arrivedOnce(experiment);
          const passed = discarded.filter(({ name }) => String(headers[name]).includes(MARKER));
          const allowed = passed.filter(({ fromClients }) => !fromClients).map(({ name }) => name);
          const leaked = passed.filter(({ fromClients }) => fromClients).map(({ name }) => name);
          assertThat(leaked.length === 0, `the service receives ${leaked.join(', ')}`);
          const unexplained = allowed.filter((name) => name.startsWith('x-envoy-'));
          assertThat(unexplained.length === 0, `the service receives the client's ${unexplained.join(', ')}`);
          const returned = HEADER_RULES.filter(
            ({ name, toClients }) => toClients && reply.headers[name] !== undefined,
          );
          assertThat(
            returned.length === 0,
            `the client receives ${returned.map(({ name }) => name).join(', ')}`,
          );
          return { seen: `${discarded.length} headers sent; passed on: ${allowed.join(', ') || 'none'}` };
        },
      ),
  };
}

const TRACE_HEADERS = /^(traceparent|tracestate|x-cloud-trace-context|grpc-trace-bin|x-request-id)$/;

/** The load balancer appends the client's address and its own; a client can only write before them. */
function clientAddressTest(mesh: Mesh, host: string, route: PublicRoute): LabTest {
  const client = '203.0.113.7';
  return {
    id: `request-forms/client-address-of-${host}`,
    title: `${route.service.name} receives the address that the load balancer has seen, not one that the client sent`,
    run: () =>
      withExperiment(
        mesh,
        route.service.versions.map(({ workload }) => workload),
        () => undefined,
        async (experiment) => {
          const { from, request } = publicRequest(mesh, host, route);
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

/** Sends every header of the table, and what only proxies set, from the application. */
function thirdPartyHeaderTest(mesh: Mesh, edge: EgressEdge): LabTest {
  const { external, caller } = edge;
  return {
    id: `request-forms/headers-to-${external.name}`,
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
              ...marked(HEADER_RULES.filter(({ name }) => !TRACE_HEADERS.test(name))),
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
