/** Number of attempts for failed requests, and timeouts of hanging ones. */
import { type RetryCondition } from '../../../model/schema/traffic-schema';
import { type HttpMethod } from '../../../model/schema/service-schema';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type AppResponse } from '../mesh/backends';
import { type Mesh } from '../mesh/mesh';
import { type Reply, type Request } from '../mesh/send';
import { bearer } from '../mesh/tokens';
import { withExperiment } from './experiment';
import { examplePath, probeName, probesOf, publicProbesOf, routeOfEdge, type Probe } from './example';

const READS: readonly string[] = ['GET', 'HEAD'];
/** Longest back-off before a retry, including delays of a busy machine. */
const BACKOFF_MS = 250;
const SLACK_MS = 400;

interface InjectedFault {
  readonly name: string;
  readonly answer: AppResponse;
  /** Conditions that retry it. */
  readonly conditions: readonly RetryCondition[];
}

/** The callee's proxy reports a connection reset by its application as a 503. */
const INJECTED_FAULTS: readonly InjectedFault[] = [
  { name: 'a 503', answer: { status: 503 }, conditions: ['gateway-error', '5xx'] },
  { name: 'a 500', answer: { status: 500 }, conditions: ['5xx'] },
  { name: 'a reset', answer: { fault: 'reset' }, conditions: ['gateway-error', '5xx'] },
];

/** Retries and timeouts of sidecars. */
export function retryTests(mesh: Mesh): LabTest[] {
  return probesOf(mesh.environment).flatMap((probe) =>
    testsOf(mesh, { ...probe, caller: sidecarOf(mesh, probe) }),
  );
}

/** Retries and timeouts of the ingress gateway, for services with a public route. */
export function clientRetryTests(mesh: Mesh): LabTest[] {
  return publicProbesOf(mesh.environment).flatMap((probe) =>
    testsOf(mesh, { ...probe, caller: clientOf(mesh, probe) }),
  );
}

function testsOf(mesh: Mesh, probe: ProbeWithCaller): LabTest[] {
  return methodsOf(probe).flatMap((method) => [
    attemptsTest(mesh, probe, method),
    timeoutTest(mesh, probe, method),
  ]);
}

/** A client whose proxy retries. */
interface RetryingClient {
  /** Suffix of test ids. */
  readonly suffix: string;
  /** Name of the proxy in titles. */
  readonly proxy: string;
  readonly send: (request: Request) => Promise<Reply>;
}

interface ProbeWithCaller extends Probe {
  readonly caller: RetryingClient;
}

function sidecarOf(mesh: Mesh, { edge }: Probe): RetryingClient {
  return {
    suffix: '',
    proxy: 'a sidecar',
    send: (request) => mesh.from(probeName(edge.caller)).send(request),
  };
}

function clientOf(mesh: Mesh, { service, edge }: Probe): RetryingClient {
  const route = routeOfEdge(service, edge);
  const host = mesh.environment.domainNames[route?.host ?? 'api'];
  return {
    suffix: '-from-clients',
    proxy: 'the ingress gateway',
    send: (request) => mesh.client.send({ ...request, host }),
  };
}

/** One read and one write method that the caller may use. */
function methodsOf({ edge }: Probe): HttpMethod[] {
  const read = edge.methods.find((method) => READS.includes(method));
  const write = edge.methods.find((method) => !READS.includes(method));
  return [read, write].filter((method) => method !== undefined);
}

function attemptsTest(mesh: Mesh, probe: ProbeWithCaller, method: HttpMethod): LabTest {
  const { service, caller } = probe;
  const expected = (fault: InjectedFault) =>
    isRetried(probe, method, fault.conditions) ? service.retries.attempts + 1 : 1;
  const most = Math.max(...INJECTED_FAULTS.map(expected));
  return {
    id: `retries/${method.toLowerCase()}-${service.name}${caller.suffix}`,
    title:
      most === 1
        ? `${caller.proxy} does not retry a ${method} that ${service.name} has received`
        : `${caller.proxy} makes the declared ${most} attempts of a ${method} to ${service.name}`,
    // On a busy machine, the timeout of an attempt can expire before the response.
    attempts: most === 1 ? 1 : 3,
    run: async () => {
      const outcomes: string[] = [];
      for (const fault of INJECTED_FAULTS) {
        await sendDuring(mesh, probe, method, fault.answer, ({ status, attemptCount }) => {
          const seen = `after ${fault.name}: ${attemptCount} ${attemptCount === 1 ? 'attempt' : 'attempts'}`;
          assertThat(attemptCount === expected(fault), `${seen} instead of ${expected(fault)}`);
          assertThat(Number(status) >= 500, `${seen}, and the caller got ${status}`);
          outcomes.push(seen);
        });
      }
      return { seen: outcomes.join(', '), figures: { attemptCount: most } };
    },
  };
}

function timeoutTest(mesh: Mesh, probe: ProbeWithCaller, method: HttpMethod): LabTest {
  const { service, caller } = probe;
  const { attempts, perTryTimeoutMs } = service.retries;
  const attemptCount = isRetried(probe, method, ['gateway-error', '5xx']) ? attempts + 1 : 1;
  const perAttempt = attempts > 0 ? (perTryTimeoutMs ?? service.timeoutMs) : service.timeoutMs;
  const soonest = Math.min(service.timeoutMs, attemptCount * perAttempt);
  const latest = Math.min(service.timeoutMs, attemptCount * perAttempt + (attemptCount - 1) * BACKOFF_MS);
  return {
    id: `timeouts/${method.toLowerCase()}-${service.name}${caller.suffix}`,
    title: `a ${method} from ${caller.proxy} to a hanging ${service.name} fails after ${attemptCount === 1 ? '' : `${attemptCount} attempts and `}${soonest} ms`,
    attempts: 3,
    run: () =>
      sendDuring(mesh, probe, method, { fault: 'hang' }, ({ status, attemptCount: seen, ms }) => {
        const took = `${status} after ${ms.toFixed(0)} ms and ${seen} ${seen === 1 ? 'attempt' : 'attempts'}`;
        assertThat(
          status === 504 && seen === attemptCount,
          `${took}, instead of a 504 after ${attemptCount}`,
        );
        assertThat(
          ms > soonest - 15 && ms < latest + SLACK_MS,
          `${took}, instead of ${soonest} to ${latest} ms`,
        );
        return { seen: took, figures: { ms } };
      }),
  };
}

function isRetried({ service }: Probe, method: HttpMethod, conditions: readonly RetryCondition[]): boolean {
  const { attempts, on } = service.retries;
  return attempts > 0 && READS.includes(method) && on.some((condition) => conditions.includes(condition));
}

function sendDuring<T>(
  mesh: Mesh,
  probe: ProbeWithCaller,
  method: HttpMethod,
  answer: AppResponse,
  check: (outcome: { status: number | string; attemptCount: number; ms: number }) => T,
): Promise<T> {
  const workloads = probe.service.versions.map(({ workload }) => workload);
  return withExperiment(
    mesh,
    workloads,
    () => answer,
    async ({ headers, received }) => {
      const request = requestOf(mesh, probe, method);
      const reply = await probe.caller.send({ ...request, headers: { ...request.headers, ...headers } });
      return check({ status: reply.status, ms: reply.ms, attemptCount: received().length });
    },
  );
}

/** A request that the callee allows. */
export function requestOf(mesh: Mesh, { service, edge }: Probe, method = edge.methods[0]): Request {
  return {
    host: service.host,
    path: examplePath(edge.paths[0] ?? '/'),
    method: method ?? 'GET',
    headers: edge.jwt === 'required' ? bearer(mesh.issuer.token()) : {},
  };
}
