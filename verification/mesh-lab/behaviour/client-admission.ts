/** What external clients must show beyond a valid token: claims, and the source addresses of webhooks. */
import { describeRequirement } from '../../../model/admission';
import { publicHosts, type PublicRoute } from '../../../model/public-routes';
import { type Service, type Version } from '../../../model/service';
import { webhooksOf, type Webhook } from '../../../model/webhooks';
import { ingressGatewayWorkload } from '../../../model/call-graph';
import { assertThat, type LabTest } from '../../support/lab-test';
import { addressIn, forwardedFor } from '../mesh/client-address';
import { type Caller, type Mesh } from '../mesh/mesh';
import { bearer, type Claims } from '../mesh/tokens';
import { ALL_METHODS, examplePath } from './example';
import { REPEATS } from './tokens';

export function clientAdmissionTests(mesh: Mesh): LabTest[] {
  return [
    ...publicHosts(mesh.environment).flatMap(({ name, routes }) =>
      routes
        .filter(({ requires }) => requires !== undefined)
        .flatMap((route) => [
          requirementTest(mesh, name, route),
          ...route.service.versions.map((version) => requirementTest(mesh, name, route, version)),
        ]),
    ),
    ...webhooksOf(mesh.environment).map((webhook) => webhookTest(mesh, webhook)),
  ];
}

/** @param version called directly with the gateway's identity. @default calls the gateway */
function requirementTest(mesh: Mesh, host: string, route: PublicRoute, version?: Version): LabTest {
  const { service, path, methods } = route;
  const at = version === undefined ? 'the-gateway' : version.workload;
  const slug = path.replaceAll(/[^a-z0-9]+/gi, '-');
  return {
    id: `admission/${service.name}-${methods.join('-')}${slug}-at-${at}`,
    title: `${methods.join(', ')} ${path} of ${service.name} needs ${describeRequirement(route.requires).join(' and ')}, at ${at}`,
    run: async () => {
      const caller: Caller = version === undefined ? mesh.client : directly(mesh, service, version);
      const outcomes: string[] = [];
      for (const method of methods)
        for (const { name, claims, status } of casesOf(route)) {
          const request = {
            host,
            method,
            path: examplePath(path),
            headers: bearer(mesh.issuer.token(claims)),
          };
          for (let count = 0; count < (status === 403 ? REPEATS : 1); count += 1) {
            const reply = await caller.send(request);
            assertThat(
              reply.status === status,
              `${method} with ${name} got ${reply.status} instead of ${status}`,
            );
          }
          outcomes.push(`${name} ${status}`);
        }
      return { seen: [...new Set(outcomes)].join(', ') };
    },
  };
}

interface ClaimCase {
  readonly name: string;
  readonly claims: Claims;
  readonly status: 200 | 403;
}

/** Each requirement missed in turn, others met. */
function casesOf({ requires }: PublicRoute): ClaimCase[] {
  const { scopes = [], claims = {} } = requires ?? {};
  const others = (scope: string) => scopes.filter((other) => other !== scope);
  return [
    { name: 'everything', claims: {}, status: 200 },
    { name: 'scopes as a list', claims: { scope: ['openid', ...scopes] }, status: 200 },
    { name: 'more scopes', claims: { scope: ['openid', ...scopes].join(' ') }, status: 200 },
    ...scopes.flatMap((scope): ClaimCase[] => [
      { name: `all but ${scope}`, claims: { scope: others(scope).join(' ') }, status: 403 },
      { name: `no claim scope`, claims: { scope: undefined }, status: 403 },
      {
        name: `${scope} as a prefix`,
        claims: { scope: [...others(scope), `${scope}x`].join(' ') },
        status: 403,
      },
      { name: `${scope} in another claim`, claims: { scope: undefined, scopes: [...scopes] }, status: 403 },
    ]),
    ...Object.entries(claims).flatMap(([claim, values]): ClaimCase[] => [
      ...values.map((value) => ({
        name: `${claim} ${value}`,
        claims: { [claim]: value },
        status: 200 as const,
      })),
      { name: `no claim ${claim}`, claims: { [claim]: undefined }, status: 403 },
      { name: `another ${claim}`, claims: { [claim]: 'another' }, status: 403 },
    ]),
  ];
}

function directly(mesh: Mesh, service: Service, version: Version): Caller {
  const gateway = mesh.certificateOf(ingressGatewayWorkload.serviceAccount);
  const direct = mesh.directTo(version.workload, service.port, gateway);
  return { send: (request) => direct.send({ ...request, host: service.host }) };
}

function webhookTest(mesh: Mesh, { service, host, path, webhook }: Webhook): LabTest {
  return {
    id: `admission/webhook-of-${service.name}${path.replaceAll('/', '-')}`,
    title: `POST ${path} of ${service.name} is called without a token, from ${webhook.sourceRanges.join(', ')} only`,
    run: async () => {
      const from = (address: string, sent: object = {}) =>
        mesh.client.send({ host, method: 'POST', path, ...sent, headers: forwardedFor(address) });
      for (const range of webhook.sourceRanges) {
        const { status } = await from(addressIn(range));
        assertThat(status === 200, `from ${addressIn(range)}: ${status}`);
      }
      const [inside = ''] = webhook.sourceRanges.map(addressIn);
      const refused: Record<string, () => Promise<{ readonly status: number | string }>> = {
        'another address': () => from('192.0.2.99'),
        // The load balancer appends; what the client writes comes before.
        'a forged address': () => from(`${inside}, 192.0.2.99`),
        'another address, path with dot segments': () => from('192.0.2.99', { path: `/x/..${path}` }),
        'a path below': () => from(inside, { path: `${path}/more` }),
      };
      const declared = mesh.environment.services.flatMap(({ ingress }) =>
        ingress.filter(({ paths }) => paths.includes(path)).flatMap(({ methods }) => methods),
      );
      for (const method of ALL_METHODS.filter((other) => !declared.includes(other)))
        refused[method] = () => from(inside, { method });
      for (const [name, send] of Object.entries(refused))
        for (let count = 0; count < REPEATS; count += 1) {
          const { status } = await send();
          assertThat(status === 403, `${name}: ${status} instead of 403`);
        }
      return { seen: `200 from its ranges; 403 for ${Object.keys(refused).join(', ')}` };
    },
  };
}
