/** End-user tokens at the gateway and at the services behind it. */
import { ingressGatewayWorkload } from '../../../model/call-graph';
import { type IngressRoute, type Service, type Version } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Request } from '../mesh/send';
import { bearer } from '../mesh/tokens';
import { examplePath } from './example';

/**
 * A request that crosses the gateway reaches a pod without a proxy sooner or later, which has no policy and answers
 * 200. One of three endpoints is such a pod.
 */
export const REPEATS = 12;

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
        const expected = status[route.jwt];
        const caller = atGateway ? mesh.client : directFromGateway(mesh, service, version);
        for (let count = 0; count < (atGateway && expected !== 200 ? REPEATS : 1); count++) {
          const reply = await caller.send(request);
          assertThat(
            reply.status === expected,
            `${name}: ${reply.status} instead of ${expected}${atGateway ? ', or it has crossed the gateway' : ''}`,
          );
        }
        outcomes.push(`${name} ${expected}`);
      }
      return { seen: outcomes.join(', ') };
    },
  };
}

function directFromGateway(mesh: Mesh, service: Service, version: Version) {
  const gateway = mesh.certificateOf(ingressGatewayWorkload.serviceAccount);
  return mesh.directTo(version.workload, service.port, gateway);
}
