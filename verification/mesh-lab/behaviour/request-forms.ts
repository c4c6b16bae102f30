/** Forms of requests that policies and applications could read differently, or that hold resources. */
import { CallGraph } from '../../../model/call-graph';
import { publicHosts, type PublicRoute } from '../../../model/public-routes';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Caller, type Mesh } from '../mesh/mesh';
import { bearer } from '../mesh/tokens';
import { exampleOf } from './egress';
import { calleesOf, examplePath, isGatewayEdge } from './example';
import { withExperiment } from './experiment';
import { REPEATS } from './tokens';

/** Each would reach `…/admin` in an application that decodes the path once more. */
const ESCAPES = ['..%2fadmin', '..%2Fadmin', '..%5cadmin', '%252e%252e/admin', 'x%00', '..%c0%afadmin'];
/** Proxies resolve these, so policies and applications see the path that remains. */
const DOT_SEGMENTS = ['../lab-x', '%2e%2e/lab-x', '..;/lab-x', '.;a=b/lab-x', 'a/b/../%2e./lab-x'];

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
          routes.map((route) => requestOfRoute(mesh, name, route)),
        ),
        hostTest(mesh, name, routes),
        ...(withToken ? [queryTokenTest(mesh, name, withToken)] : []),
        ...routes.slice(0, 1).map((route) => upgradeTest(mesh, name, route)),
        bodyTest(mesh, name, routes),
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
      return edges.length === 0 ? [] : [pathTest(mesh, `callers-of-${external.name}`, requests)];
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

export function requestOfRoute(mesh: Mesh, host: string, { jwt, methods, path }: PublicRoute): Sender {
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
      const { from, request } = requestOfRoute(mesh, host, route);
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
      for (let count = 0; count < REPEATS; count++) {
        const inQuery = await mesh.client.send({ ...request, path: `${path}?access_token=${token}` });
        assertThat(inQuery.status === 403, `in the query: ${inQuery.status}, or it has crossed the gateway`);
      }
      const inCookie = await mesh.client.send({
        ...request,
        path,
        headers: { cookie: `access_token=${token}` },
      });
      const inHeader = await mesh.client.send({ ...request, path, headers: bearer(token) });
      assertThat(inCookie.status === 403, `in a cookie: ${inCookie.status}`);
      assertThat(inHeader.status === 200, `in the header: ${inHeader.status}`);
      return { seen: 'query 403, cookie 403, header 200' };
    },
  };
}

/** Without a declared stream, a connection must not leave HTTP. */
function upgradeTest(mesh: Mesh, host: string, route: PublicRoute): LabTest {
  return {
    id: `request-forms/upgrades-of-${host}`,
    title: `${host} refuses to switch protocols`,
    run: async () => {
      const { from, request } = requestOfRoute(mesh, host, route);
      const upgrade = {
        connection: 'Upgrade',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.from('sixteen letters!').toString('base64'),
      };
      const outcomes: string[] = [];
      for (const protocol of ['websocket', 'tls/1.2']) {
        const headers = { ...request.headers, ...upgrade, upgrade: protocol };
        const { status } = await from.send({ ...request, path: examplePath(route.path), headers });
        assertThat(status === 400 || status === 403, `${protocol} got ${status}`);
        outcomes.push(`${protocol} ${status}`);
      }
      return { seen: outcomes.join(', ') };
    },
  };
}

const BODY_METHODS: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Sends the declared length only: the gateway answers before the body arrives. */
function bodyTest(mesh: Mesh, host: string, routes: readonly PublicRoute[]): LabTest {
  const limited = routes.flatMap((route) =>
    route.methods.filter((method) => BODY_METHODS.includes(method)).map((method) => ({ route, method })),
  );
  return {
    id: `request-forms/bodies-of-${host}`,
    title: `${host} answers 413 to bodies that are declared longer than the route takes`,
    run: async () => {
      for (const { route, method } of limited) {
        const { from, request } = requestOfRoute(mesh, host, route);
        const bytes = route.maxBodyMegabytes * 1_000_000;
        const headers = { ...request.headers, 'content-length': String(bytes + 1) };
        const { status } = await from.send({ ...request, method, path: examplePath(route.path), headers });
        assertThat(status === 413, `${method} ${route.path} of ${bytes + 1} bytes got ${status}`);
      }
      return { seen: `413 for ${limited.length} methods and paths` };
    },
  };
}
