/** What browsers ask of the gateway: preflights, calls from pages of other hosts, and headers of pages. */
import type { CrossOriginAccess } from '../../../model/browsers/cross-origin';
import { publicHosts, type PublicRoute } from '../../../model/public-routes';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Reply } from '../mesh/send';
import { bearer } from '../mesh/tokens';
import { ALL_METHODS, examplePath, UNDECLARED_PATH } from './example';
import { withExperiment } from './experiment';
import { requestOfRoute } from './request-forms';

const FOREIGN = 'https://evil.example';

type CrossOriginRoute = PublicRoute & { readonly crossOrigin: CrossOriginAccess };

export function browserTests(mesh: Mesh): LabTest[] {
  return publicHosts(mesh.environment).flatMap(({ name, routes }) => [
    headerTest(mesh, name, routes),
    ...routes
      .filter((route): route is CrossOriginRoute => route.crossOrigin !== undefined)
      .flatMap((route) => [
        preflightTest(mesh, name, route),
        refusalTest(mesh, name, route, routes),
        callTest(mesh, name, route),
      ]),
  ]);
}

function labelOf(host: string, { path }: PublicRoute): string {
  return `${host}${path.replaceAll('/', '-').replace('*', 'any')}`;
}

/** Headers of a preflight; `undefined` leaves one out. */
function preflight(origin: string | undefined, method: string | undefined): Record<string, string> {
  return {
    ...(origin !== undefined && { origin }),
    ...(method !== undefined && { 'access-control-request-method': method }),
    'access-control-request-headers': 'authorization, content-type',
  };
}

function preflightTest(mesh: Mesh, host: string, route: CrossOriginRoute): LabTest {
  const { crossOrigin, methods } = route;
  return {
    id: `browsers/preflight-of-${labelOf(host, route)}`,
    title: `the gateway answers preflights of ${host}${route.path} without a token, and no application sees them`,
    run: () =>
      withExperiment(
        mesh,
        [],
        () => undefined,
        async ({ headers, received }) => {
          for (const origin of crossOrigin.origins)
            for (const method of methods) {
              const reply = await mesh.client.send({
                host,
                method: 'OPTIONS',
                path: examplePath(route.path),
                headers: { ...headers, ...preflight(origin, method) },
              });
              assertThat(reply.status === 200, `${method} from ${origin} got ${reply.status}`);
              expectHeader(reply, 'access-control-allow-origin', origin);
              expectHeader(reply, 'access-control-allow-headers', crossOrigin.requestHeaders.join(','));
              expectHeader(reply, 'access-control-max-age', String(crossOrigin.preflightCacheSeconds));
              expectHeader(
                reply,
                'access-control-allow-credentials',
                crossOrigin.credentials ? 'true' : undefined,
              );
              const allowed = String(reply.headers['access-control-allow-methods']).split(',');
              assertThat(allowed.includes(method), `${method} is not in '${allowed.join()}'`);
            }
          assertThat(received().length === 0, `${received().length} preflights reached an application`);
          return {
            seen: `${methods.join(', ')} from ${crossOrigin.origins.join(', ')}: 200, no application`,
          };
        },
      ),
  };
}

/** Sends the preflights with a token too, as a client that is no browser could. */
function refusalTest(
  mesh: Mesh,
  host: string,
  route: CrossOriginRoute,
  routes: readonly PublicRoute[],
): LabTest {
  const { crossOrigin, methods } = route;
  const [origin = ''] = crossOrigin.origins;
  const path = examplePath(route.path);
  const [method = 'GET'] = methods;
  const undeclared = ALL_METHODS.filter(
    (other) =>
      !routes.some(
        ({ path: pattern, methods: declared }) => covers(pattern, path) && declared.includes(other),
      ),
  );
  const isOpen = routes.some(({ path: pattern }) => covers(pattern, UNDECLARED_PATH));
  const refused = [
    { what: 'a foreign origin', path, headers: preflight(FOREIGN, method) },
    { what: 'an origin with the same beginning', path, headers: preflight(`${origin}.evil.example`, method) },
    { what: 'two origins', path, headers: preflight(`${FOREIGN}, ${origin}`, method) },
    { what: 'no origin', path, headers: preflight(undefined, method) },
    { what: 'no requested method', path, headers: preflight(origin, undefined) },
    ...undeclared.map((other) => ({ what: `the method ${other}`, path, headers: preflight(origin, other) })),
    ...(isOpen
      ? []
      : [{ what: 'an undeclared path', path: UNDECLARED_PATH, headers: preflight(origin, method) }]),
  ];
  return {
    id: `browsers/refused-preflights-of-${labelOf(host, route)}`,
    title: `the gateway refuses other preflights of ${host}${route.path}, and no application sees them`,
    run: () =>
      withExperiment(
        mesh,
        [],
        () => undefined,
        async ({ headers, received }) => {
          for (const token of [{}, bearer(mesh.issuer.token())])
            for (const { what, path: requested, headers: own } of refused) {
              const reply = await mesh.client.send({
                host,
                method: 'OPTIONS',
                path: requested,
                headers: { ...headers, ...token, ...own },
              });
              assertThat(reply.status === 403, `${what} got ${reply.status}`);
              assertThat(
                reply.headers['access-control-allow-origin'] === undefined ||
                  reply.headers['access-control-allow-origin'] === origin,
                `${what} got access-control-allow-origin ${reply.headers['access-control-allow-origin']}`,
              );
              assertThat(reply.headers['access-control-allow-methods'] === undefined, `${what} was answered`);
            }
          assertThat(received().length === 0, `${received().length} preflights reached an application`);
          return { seen: `403 for ${refused.map(({ what }) => what).join(', ')}` };
        },
      ),
  };
}

/** The page can read the response, and the gateway's own 401 and 403. Headers of the application do not matter. */
function callTest(mesh: Mesh, host: string, route: CrossOriginRoute): LabTest {
  const { service, crossOrigin, jwt } = route;
  const [first = ''] = crossOrigin.origins;
  return {
    id: `browsers/calls-of-${labelOf(host, route)}`,
    title: `pages of ${crossOrigin.origins.join(', ')} may read ${host}${route.path}, whatever ${service.name} sends`,
    run: () =>
      withExperiment(
        mesh,
        service.versions.map(({ workload }) => workload),
        () => ({
          headers: { 'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true' },
        }),
        async (experiment) => {
          const { from, request } = requestOfRoute(mesh, host, route);
          const send = (origin: string, own: Readonly<Record<string, string>>) =>
            from.send({
              ...request,
              path: examplePath(route.path),
              headers: { ...request.headers, ...experiment.headers, ...own, origin },
            });
          for (const origin of crossOrigin.origins) {
            const reply = await send(origin, {});
            assertThat(reply.status === 200, `from ${origin}: ${reply.status}`);
            expectHeader(reply, 'access-control-allow-origin', origin);
            expectHeader(reply, 'access-control-expose-headers', crossOrigin.responseHeaders.join(','));
            expectHeader(
              reply,
              'access-control-allow-credentials',
              crossOrigin.credentials ? 'true' : undefined,
            );
          }
          const foreign = await send(FOREIGN, {});
          const allowed = foreign.headers['access-control-allow-origin'];
          assertThat(allowed === first, `a page of ${FOREIGN} gets access-control-allow-origin ${allowed}`);
          if (jwt === 'none') return { seen: `200 for ${crossOrigin.origins.join(', ')}` };
          const refused: string[] = [];
          for (const token of ['malformed', mesh.issuer.forged()]) {
            const reply = await send(first, bearer(token));
            assertThat(reply.status === 401, `with a wrong token: ${reply.status}`);
            expectHeader(reply, 'access-control-allow-origin', first);
            refused.push(String(reply.status));
          }
          return { seen: `200 for ${crossOrigin.origins.join(', ')}; it can read ${refused.join(', ')}` };
        },
      ),
  };
}

/** The application sends weaker headers, which must not reach the browser. */
function headerTest(mesh: Mesh, host: string, routes: readonly PublicRoute[]): LabTest {
  const weak = {
    'strict-transport-security': 'max-age=0',
    'x-content-type-options': 'none',
    'referrer-policy': 'unsafe-url',
    'content-security-policy': "script-src 'self'",
  };
  return {
    id: `browsers/headers-of-${host}`,
    title: `responses of ${host} have the security headers of the catalogue`,
    run: async () => {
      for (const route of routes) {
        const { set, add } = route.responseHeaders;
        await withExperiment(
          mesh,
          route.service.versions.map(({ workload }) => workload),
          () => ({ headers: weak }),
          async (experiment) => {
            const { from, request } = requestOfRoute(mesh, host, route);
            const reply = await from.send({
              ...request,
              path: examplePath(route.path),
              headers: { ...request.headers, ...experiment.headers },
            });
            assertThat(reply.status === 200, `${route.path}: ${reply.status}`);
            for (const [name, value] of Object.entries(set)) expectHeader(reply, name, value);
            for (const [name, value] of Object.entries(add)) {
              const sent = String(reply.headers[name]);
              assertThat(sent.includes(value), `${route.path}: ${name} is '${sent}' without '${value}'`);
            }
          },
        );
      }
      const [first] = routes;
      return { seen: JSON.stringify({ ...first?.responseHeaders.set, ...first?.responseHeaders.add }) };
    },
  };
}

function covers(pattern: string, path: string): boolean {
  return pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

function expectHeader({ headers }: Reply, name: string, expected: string | undefined): void {
  assertThat(headers[name] === expected, `${name} is '${String(headers[name])}' instead of '${expected}'`);
}
