/** Limits of a pod whose connections are redirected, whatever its application does. */
import { CallGraph, type EgressEdge } from '../../../model/call-graph';
import { type Environment } from '../../../model/environment';
import { type Service, type Version } from '../../../model/service';
import { exampleOf, sentOut } from '../behaviour/egress';
import { examplePath, identityOf, isSame, versionsOf } from '../behaviour/example';
import { assertThat, type LabTest } from '../../support/lab-test';
import { bearer } from '../mesh/tokens';
import { type Request } from '../mesh/send';
import { UNDECLARED_PORT, UNKNOWN_HOST, type RedirectedPod } from './redirected-pod';

/** Applications send plain HTTP; their proxies originate TLS. */
const HTTP_PORT = 80;

export interface Redirected {
  readonly service: Service;
  readonly version: Version;
}

/** A workload that calls a third party, preferably one that also calls services. */
export function redirectedWorkload({ services }: Environment): Redirected | undefined {
  const candidates = services.flatMap((service) =>
    service.versions
      .filter(({ externalCalls }) => externalCalls.length > 0)
      .map((version) => ({ service, version })),
  );
  return candidates.find(({ version }) => version.calls.length > 0) ?? candidates[0];
}

/** @param pod only called when a test runs */
export function interceptionTests(
  environment: Environment,
  redirected: Redirected,
  pod: () => RedirectedPod,
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
    ...edges.flatMap((edge) => [throughGatewayTest(pod, name, edge), pastGatewayTest(pod, name, edge)]),
    ...version.calls.slice(0, 1).map((call) => calleeTest(pod, redirected, call.service)),
    ...outOfScope(environment, redirected).map((other) => outOfScopeTest(pod, name, other)),
    unknownDestinationsTest(pod, name),
    inboundTest(pod, service, version, graph),
    {
      id: 'interception/configuration-is-accepted',
      title: `the redirected proxy of ${name} accepts all configuration that it is sent`,
      run: () => {
        const rejections = pod().rejections();
        assertThat(rejections.length === 0, `${rejections.length} rejected, the first: ${rejections[0]}`);
        return Promise.resolve({ seen: 'nothing rejected' });
      },
    },
  ];
}

function throughGatewayTest(pod: () => RedirectedPod, name: string, edge: EgressEdge): LabTest {
  const { external } = edge;
  return {
    id: `interception/${name}-reaches-${external.name}`,
    title: `a direct connection of ${name} to ${external.host} goes through the egress gateway`,
    run: async () => {
      const { egressGateway, call, addressOf } = pod();
      const before = await sentOut(egressGateway, external);
      const target = { address: addressOf(external.host), port: HTTP_PORT };
      const { status, headers } = await call('application', target, exampleOf(edge));
      assertThat(status === 200, `the response was ${status}`);
      assertThat(
        headers['x-lab-workload'] === external.host,
        `${String(headers['x-lab-workload'])} responded`,
      );
      const sent = (await sentOut(egressGateway, external)) - before;
      assertThat(sent === 1, `the egress gateway sent ${sent} requests instead of 1`);
      return { seen: `${target.address}:${HTTP_PORT} responded 200 through the egress gateway` };
    },
  };
}

/** The control request, without redirection, shows that the third party's port is open. */
function pastGatewayTest(pod: () => RedirectedPod, name: string, edge: EgressEdge): LabTest {
  const { external } = edge;
  return {
    id: `interception/${name}-cannot-bypass-the-egress-gateway-to-${external.name}`,
    title: `${name} cannot bypass the egress gateway with its own TLS connection to ${external.host}`,
    run: async () => {
      const { call, addressOf, connectionsMade } = pod();
      const target = {
        address: addressOf(external.host),
        port: external.port,
        tls: { serverName: external.sni },
      };
      const control = await call('proxy', target, exampleOf(edge));
      assertThat(control.status === 200, `inconclusive: ${control.status} without redirection`);
      const before = connectionsMade();
      const { status } = await call('application', target, exampleOf(edge));
      assertThat(typeof status === 'string', `${target.address}:${target.port} responded ${status}`);
      const made = connectionsMade() - before;
      assertThat(
        made === 0,
        `${target.address}:${target.port} accepted ${made} connections, which ended with ${status}`,
      );
      return { seen: `${target.address}:${target.port}: ${status}; without redirection 200` };
    },
  };
}

function calleeTest(pod: () => RedirectedPod, { version }: Redirected, callee: string): LabTest {
  const name = version.workload;
  const access = version.calls.find(({ service }) => service === callee);
  return {
    id: `interception/${name}-reaches-${callee}`,
    title: `a plain HTTP connection of ${name} to the cluster IP of ${callee} arrives with mutual TLS and its identity`,
    run: async () => {
      const { environment, pod: caller, addressOf, call } = pod();
      const host = hostOf(environment, callee);
      const request = {
        host,
        method: access?.methods[0] ?? 'GET',
        path: examplePath(access?.paths[0] ?? '/'),
      };
      const target = { address: addressOf(host), port: HTTP_PORT };
      const { status, headers } = await call('application', target, request);
      const identity = identityOf(environment, caller);
      assertThat(status === 200, `the response was ${status}`);
      assertThat(
        String(headers['x-lab-client']).endsWith(`;URI=${identity}`),
        'the callee received another identity',
      );
      return { seen: `${target.address}:${HTTP_PORT} responded 200; client identity ${identity}` };
    },
  };
}

function outOfScopeTest(pod: () => RedirectedPod, name: string, other: Service): LabTest {
  return {
    id: `interception/${name}-cannot-reach-${other.name}`,
    title: `${name} cannot reach the cluster IP of ${other.name}, which it does not call`,
    run: async () => {
      const { call, addressOf } = pod();
      const target = { address: addressOf(other.host), port: HTTP_PORT };
      const { status } = await call('application', target, { host: other.host });
      assertThat(isUnreachable(status), `${target.address}:${HTTP_PORT} responded ${status}`);
      return { seen: `${target.address}:${HTTP_PORT}: ${status}` };
    },
  };
}

/** By name, by address, and by an undeclared protocol. */
function unknownDestinationsTest(pod: () => RedirectedPod, name: string): LabTest {
  return {
    id: `interception/${name}-cannot-reach-unknown-destinations`,
    title: `${name} cannot reach hosts, addresses and ports outside of the catalogue`,
    run: async () => {
      const { call, connects, addressOf } = pod();
      const address = addressOf(UNKNOWN_HOST);
      const target = { address, port: HTTP_PORT };
      const requests: Record<string, Request> = {
        [UNKNOWN_HOST]: { host: UNKNOWN_HOST },
        [address]: { host: address },
      };
      const outcomes: string[] = [];
      for (const [what, request] of Object.entries(requests)) {
        const control = await call('proxy', target, request);
        assertThat(
          control.status === 200,
          `inconclusive: ${what} responded ${control.status} without redirection`,
        );
        const { status } = await call('application', target, request);
        assertThat(isUnreachable(status), `${what} responded ${status}`);
        outcomes.push(`${what}: ${status}`);
      }
      assertThat(
        await connects('proxy', address, UNDECLARED_PORT),
        `inconclusive: port ${UNDECLARED_PORT} is closed without redirection`,
      );
      assertThat(
        !(await connects('application', address, UNDECLARED_PORT)),
        `${address}:${UNDECLARED_PORT} sent bytes back`,
      );
      return {
        seen: `${outcomes.join(', ')}, port ${UNDECLARED_PORT}: closed; all respond without redirection`,
      };
    },
  };
}

function inboundTest(
  pod: () => RedirectedPod,
  service: Service,
  version: Version,
  graph: CallGraph,
): LabTest {
  const name = version.workload;
  const [edge] = graph.callersOf(service.name);
  return {
    id: `interception/${name}-accepts-mutual-tls-only`,
    title: `the port of ${name} is reachable by mutual TLS only`,
    run: async () => {
      const { pod: callee, issuer, certificateOf, fromOutside } = pod();
      const port = service.port;
      const target = { address: callee.ip, port };
      const request = {
        host: service.host,
        method: edge?.methods[0] ?? 'GET',
        path: examplePath(edge?.paths[0] ?? '/'),
        headers: bearer(issuer.token()),
      };
      const plain = await fromOutside(target, request);
      assertThat(plain.status === 'ECONNRESET', `plain text got ${plain.status}`);
      if (edge === undefined) return { seen: `plain text at ${callee.ip}:${port}: ${plain.status}` };
      const certificate = await certificateOf(edge.caller.serviceAccount);
      const { status, headers } = await fromOutside(target, request, certificate);
      assertThat(
        status === 200 && headers['x-lab-workload'] === name,
        `with a caller's certificate: ${status}`,
      );
      return {
        seen: `at ${callee.ip}:${port} plain text: ${plain.status}; as ${edge.caller.serviceAccount}: 200`,
      };
    },
  };
}

/** One service that the workload does not call. */
function outOfScope({ services }: Environment, { service, version }: Redirected): Service[] {
  const known = [service.name, ...version.calls.map((call) => call.service)];
  return services.filter(({ name }) => !known.includes(name)).slice(0, 1);
}

function hostOf({ services }: Environment, name: string): string {
  return services.find((service) => service.name === name)?.host ?? name;
}

function isUnreachable(status: number | string): boolean {
  return status === 502 || typeof status === 'string';
}
