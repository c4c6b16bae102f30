/** What a pod cannot do, however it tries, once its connections are redirected. */
import { CallGraph, type EgressEdge } from '../../../model/call-graph';
import { type Environment } from '../../../model/environment';
import { type Service, type Version } from '../../../model/service';
import { exampleOf, sentOut } from '../behaviour/egress';
import { examplePath, identityOf, isSame, versionsOf } from '../behaviour/example';
import { assertThat, type LabTest } from '../../support/lab-test';
import { bearer } from '../mesh/tokens';
import { type Request } from '../mesh/send';
import { STRANGE_PORT, STRANGER_HOST, type World } from './world';

/** Plain HTTP, as applications speak it; their proxies make TLS of it. */
const HTTP_PORT = 80;

export interface Redirected {
  readonly service: Service;
  readonly version: Version;
}

/** A workload that calls a third party, and preferably services too. */
export function redirectedWorkload({ services }: Environment): Redirected | undefined {
  const candidates = services.flatMap((service) =>
    service.versions
      .filter(({ externalCalls }) => externalCalls.length > 0)
      .map((version) => ({ service, version })),
  );
  return candidates.find(({ version }) => version.calls.length > 0) ?? candidates[0];
}

/** Claims by id and title, and how to prove each once the world stands. */
export function interceptionTests(
  environment: Environment,
  redirected: Redirected,
  world: () => World,
): LabTest[] {
  const { service, version } = redirected;
  const workload = versionsOf(environment).find((one) => one.version === version)?.workload;
  if (workload === undefined) return [];
  const graph = new CallGraph(environment);
  const edges = environment.externals.flatMap(({ name }) =>
    graph.callersOfExternal(name).filter(({ caller }) => isSame(caller, workload)),
  );
  const name = version.workload;
  return [
    ...edges.flatMap((edge) => [throughGatewayTest(world, name, edge), pastGatewayTest(world, name, edge)]),
    ...version.calls.slice(0, 1).map((call) => calleeTest(world, redirected, call.service)),
    ...outOfScope(environment, redirected).map((other) => outOfScopeTest(world, name, other)),
    strangerTest(world, name),
    inboundTest(world, service, version, graph),
    {
      id: 'interception/configuration-is-taken',
      title: `the redirected proxy of ${name} took everything that the configuration server sent`,
      run: () => {
        const refusals = world().refusals();
        assertThat(refusals.length === 0, `${refusals.length} refused, the first: ${refusals[0]}`);
        return Promise.resolve({ seen: 'nothing refused' });
      },
    },
  ];
}

function throughGatewayTest(world: () => World, name: string, edge: EgressEdge): LabTest {
  const { external } = edge;
  return {
    id: `interception/${name}-reaches-${external.name}`,
    title: `${name} dials ${external.host} itself, and is led through the egress gateway`,
    run: async () => {
      const { egressGateway, call, addressOf } = world();
      const before = await sentOut(egressGateway, external);
      const target = { address: addressOf(external.host), port: HTTP_PORT };
      const { status, headers } = await call('application', target, exampleOf(edge));
      assertThat(status === 200, `the answer was ${status}`);
      assertThat(headers['x-lab-by'] === external.host, `${String(headers['x-lab-by'])} answered`);
      const sent = (await sentOut(egressGateway, external)) - before;
      assertThat(sent === 1, `the egress gateway sent ${sent} requests instead of one`);
      return { seen: `${target.address}:${HTTP_PORT} answered 200, sent by the egress gateway` };
    },
  };
}

/** The third party's own port is open to whomever the redirection lets pass, and only to them. */
function pastGatewayTest(world: () => World, name: string, edge: EgressEdge): LabTest {
  const { external } = edge;
  return {
    id: `interception/${name}-never-past-the-egress-gateway-to-${external.name}`,
    title: `${name} does not reach ${external.host} by TLS of its own, past the egress gateway`,
    run: async () => {
      const { call, addressOf, connectionsMade } = world();
      const target = {
        address: addressOf(external.host),
        port: external.port,
        tls: { serverName: external.sni },
      };
      const control = await call('proxy', target, exampleOf(edge));
      assertThat(control.status === 200, `without redirection: ${control.status}, so nothing was shown`);
      const before = connectionsMade();
      const { status } = await call('application', target, exampleOf(edge));
      assertThat(typeof status === 'string', `${target.address}:${target.port} answered ${status}`);
      const made = connectionsMade() - before;
      assertThat(
        made === 0,
        `${target.address}:${target.port} got ${made} connection, though it ended in ${status}`,
      );
      return { seen: `${target.address}:${target.port}: ${status}; without redirection 200` };
    },
  };
}

function calleeTest(world: () => World, { version }: Redirected, callee: string): LabTest {
  const name = version.workload;
  const access = version.calls.find(({ service }) => service === callee);
  return {
    id: `interception/${name}-reaches-${callee}`,
    title: `${name} dials the address of ${callee}, in plain HTTP, and arrives by mutual TLS under its own name`,
    run: async () => {
      const { environment, pod, addressOf, call } = world();
      const host = hostOf(environment, callee);
      const request = {
        host,
        method: access?.methods[0] ?? 'GET',
        path: examplePath(access?.paths[0] ?? '/'),
      };
      const target = { address: addressOf(host), port: HTTP_PORT };
      const { status, headers } = await call('application', target, request);
      const identity = identityOf(environment, pod);
      assertThat(status === 200, `the answer was ${status}`);
      assertThat(String(headers['x-lab-client']).endsWith(`;URI=${identity}`), 'the callee saw another name');
      return { seen: `${target.address}:${HTTP_PORT} answered 200, and saw ${identity}` };
    },
  };
}

function outOfScopeTest(world: () => World, name: string, other: Service): LabTest {
  return {
    id: `interception/${name}-does-not-know-${other.name}`,
    title: `${name} dials the address of ${other.name}, which it does not call, and gets nowhere`,
    run: async () => {
      const { call, addressOf } = world();
      const target = { address: addressOf(other.host), port: HTTP_PORT };
      const { status } = await call('application', target, { host: other.host });
      assertThat(isNoAnswer(status), `${target.address}:${HTTP_PORT} answered ${status}`);
      return { seen: `${target.address}:${HTTP_PORT}: ${status}` };
    },
  };
}

/** By name, by address alone, and by a protocol that nobody declared. */
function strangerTest(world: () => World, name: string): LabTest {
  return {
    id: `interception/${name}-reaches-nobody-else`,
    title: `${name} reaches no host, no address and no port that the catalogue does not name`,
    run: async () => {
      const { call, connects, addressOf } = world();
      const address = addressOf(STRANGER_HOST);
      const target = { address, port: HTTP_PORT };
      const attemptCount: Record<string, Request> = {
        [STRANGER_HOST]: { host: STRANGER_HOST },
        [address]: { host: address },
      };
      const outcomes: string[] = [];
      for (const [what, request] of Object.entries(attemptCount)) {
        const control = await call('proxy', target, request);
        assertThat(
          control.status === 200,
          `without redirection, ${what}: ${control.status}, so nothing was shown`,
        );
        const { status } = await call('application', target, request);
        assertThat(isNoAnswer(status), `${what} answered ${status}`);
        outcomes.push(`${what}: ${status}`);
      }
      assertThat(
        await connects('proxy', address, STRANGE_PORT),
        `without redirection, ${STRANGE_PORT} is closed, so nothing was shown`,
      );
      assertThat(
        !(await connects('application', address, STRANGE_PORT)),
        `${address}:${STRANGE_PORT} sent bytes back`,
      );
      return { seen: `${outcomes.join(', ')}, port ${STRANGE_PORT}: closed; without redirection all answer` };
    },
  };
}

function inboundTest(world: () => World, service: Service, version: Version, graph: CallGraph): LabTest {
  const name = version.workload;
  const [edge] = graph.callersOf(service.name);
  return {
    id: `interception/${name}-hears-mutual-tls-only`,
    title: `the application of ${name} is not reached at its own port but by mutual TLS`,
    run: async () => {
      const { pod, issuer, certificateOf, fromOutside } = world();
      const port = service.port;
      const target = { address: pod.ip, port };
      const request = {
        host: service.host,
        method: edge?.methods[0] ?? 'GET',
        path: examplePath(edge?.paths[0] ?? '/'),
        headers: bearer(issuer.token()),
      };
      const plain = await fromOutside(target, request);
      assertThat(plain.status === 'ECONNRESET', `plain text was answered ${plain.status}`);
      if (edge === undefined) return { seen: `plain text at ${pod.ip}:${port}: ${plain.status}` };
      const certificate = await certificateOf(edge.caller.serviceAccount);
      const { status, headers } = await fromOutside(target, request, certificate);
      assertThat(status === 200 && headers['x-lab-by'] === name, `with a caller's certificate: ${status}`);
      return {
        seen: `at ${pod.ip}:${port} plain text: ${plain.status}; as ${edge.caller.serviceAccount}: 200`,
      };
    },
  };
}

/** One service that the workload has no business with. */
function outOfScope({ services }: Environment, { service, version }: Redirected): Service[] {
  const known = [service.name, ...version.calls.map((call) => call.service)];
  return services.filter(({ name }) => !known.includes(name)).slice(0, 1);
}

function hostOf({ services }: Environment, name: string): string {
  return services.find((service) => service.name === name)?.host ?? name;
}

function isNoAnswer(status: number | string): boolean {
  return status === 502 || typeof status === 'string';
}
