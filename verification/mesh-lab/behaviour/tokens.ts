/** End-user tokens at the gateway and at the services behind it. */
import { ingressGatewayWorkload } from '../../../model/call-graph';
import { type IngressRoute, type Service, type Version } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Reply, type Request } from '../mesh/send';
import { bearer } from '../mesh/tokens';
import { examplePath } from './example';

interface TokenCase {
  readonly name: string;
  readonly headers: (mesh: Mesh) => Readonly<Record<string, string>>;
  /** Expected status for a route that requires a token, and for one that does not. */
  readonly status: { readonly required: number; readonly none: number };
}

const CASES: readonly TokenCase[] = [
  { name: 'no token', headers: () => ({}), status: { required: 403, none: 200 } },
  {
    name: 'a valid token',
    headers: ({ issuer }) => bearer(issuer.token()),
    status: { required: 200, none: 200 },
  },
  {
    name: 'an expired token',
    headers: ({ issuer }) => bearer(issuer.token({ exp: Math.floor(Date.now() / 1_000) - 3_600 })),
    status: { required: 401, none: 401 },
  },
  {
    name: 'another key',
    headers: ({ issuer }) => bearer(issuer.forged()),
    status: { required: 401, none: 401 },
  },
  {
    name: 'another issuer',
    headers: ({ issuer }) => bearer(issuer.token({ iss: 'https://issuer.invalid' })),
    status: { required: 401, none: 401 },
  },
  {
    // Envoy responds 403 instead of 401 if only the audience is wrong.
    name: 'another audience',
    headers: ({ issuer }) => bearer(issuer.token({ aud: 'another-audience' })),
    status: { required: 403, none: 403 },
  },
  { name: 'a malformed token', headers: () => bearer('malformed'), status: { required: 401, none: 401 } },
];

export function tokenTests(mesh: Mesh): LabTest[] {
  return mesh.environment.services.flatMap((service) =>
    service.ingress.flatMap((route, index) => [
      labTest(mesh, service, route, `tokens/${service.name}-${index}-at-the-gateway`),
      ...(route.jwt === 'required'
        ? service.versions.map((version) =>
            labTest(mesh, service, route, `tokens/${service.name}-${index}-at-${version.workload}`, version),
          )
        : []),
    ]),
  );
}

/** @param version called directly with the gateway's identity. @default calls the gateway */
function labTest(mesh: Mesh, service: Service, route: IngressRoute, id: string, version?: Version): LabTest {
  const atGateway = version === undefined;
  const host = atGateway ? mesh.environment.domainNames[route.host] : service.host;
  const path = examplePath(route.paths[0] ?? '/');
  return {
    id,
    title: `${service.name} ${path} ${route.jwt === 'required' ? 'requires a valid token' : 'needs no token, but rejects invalid ones'}, ${atGateway ? 'at the gateway' : `at ${version.workload}`}`,
    run: async () => {
      const outcomes: string[] = [];
      for (const { name, headers, status } of CASES) {
        const request: Request = { host, path, method: route.methods[0] ?? 'GET', headers: headers(mesh) };
        const reply = await (atGateway ? mesh.client : directFromGateway(mesh, service, version)).send(
          request,
        );
        assertThat(
          reply.status === status[route.jwt],
          `${name}: ${reply.status} instead of ${status[route.jwt]}`,
        );
        assertThat(
          reply.status === 200 || !atGateway || !hasCrossedGateway(reply),
          `${name}: rejected by the service, but not by the gateway`,
        );
        outcomes.push(`${name} ${reply.status}`);
      }
      return { seen: outcomes.join(', ') };
    },
  };
}

/** Envoy adds this header to upstream responses only, not to its own. */
function hasCrossedGateway({ headers }: Reply): boolean {
  return headers['x-envoy-upstream-service-time'] !== undefined;
}

function directFromGateway(mesh: Mesh, service: Service, version: Version) {
  const gateway = mesh.certificateOf(ingressGatewayWorkload.serviceAccount);
  return mesh.directTo(version.workload, service.port, gateway);
}
