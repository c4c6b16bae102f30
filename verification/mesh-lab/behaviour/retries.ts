/** How often a failed request is sent again, and how long a hanging one may take. */
import { type RetryCondition } from '../../../model/schema/traffic-schema';
import { type HttpMethod } from '../../../model/schema/service-schema';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Answer } from '../mesh/backends';
import { type Mesh } from '../mesh/mesh';
import { type Reply, type Request } from '../mesh/send';
import { bearer } from '../mesh/tokens';
import { duringExperiment } from './experiment';
import { examplePath, probeName, probesOf, visitedProbesOf, type Probe } from './example';

const READS: readonly string[] = ['GET', 'HEAD'];
/** Envoy waits up to this long before the n-th retry; on a busy machine everything takes longer. */
const BACKOFF_MS = 250;
const SLACK_MS = 400;

interface InjectedFault {
  readonly name: string;
  readonly answer: Answer;
  /** Conditions under which it is retried. */
  readonly conditions: readonly RetryCondition[];
}

/** The callee's proxy turns a connection that its application resets into a 503. */
const INJECTED_FAULTS: readonly InjectedFault[] = [
  { name: 'a 503', answer: { status: 503 }, conditions: ['gateway-error', '5xx'] },
  { name: 'a 500', answer: { status: 500 }, conditions: ['5xx'] },
  { name: 'a reset', answer: { instead: 'reset' }, conditions: ['gateway-error', '5xx'] },
];

/** Retries and timeouts are the caller's: here those of a sidecar. */
export function retryTests(mesh: Mesh): LabTest[] {
  return probesOf(mesh.environment).flatMap((probe) =>
    testsOf(mesh, { ...probe, caller: sidecarOf(mesh, probe) }),
  );
}

/** Those of the gateway, where the public has a route. */
export function clientRetryTests(mesh: Mesh): LabTest[] {
  return visitedProbesOf(mesh.environment).flatMap((probe) =>
    testsOf(mesh, { ...probe, caller: clientOf(mesh, probe) }),
  );
}

function testsOf(mesh: Mesh, probe: ProbeWithCaller): LabTest[] {
  return methodsOf(probe).flatMap((method) => [
    attemptsTest(mesh, probe, method),
    timeoutTest(mesh, probe, method),
  ]);
}

/** Whose retries are counted. */
interface Caller {
  /** Of ids: none for a sidecar. */
  readonly suffix: string;
  /** Of titles. */
  readonly words: string;
  readonly send: (request: Request) => Promise<Reply>;
}

interface ProbeWithCaller extends Probe {
  readonly caller: Caller;
}

function sidecarOf(mesh: Mesh, { edge }: Probe): Caller {
  return { suffix: '', words: '', send: (request) => mesh.from(probeName(edge.caller)).send(request) };
}

function clientOf(mesh: Mesh, { service, edge }: Probe): Caller {
  const route = service.ingress.find(
    ({ paths, methods }) => paths === edge.paths && methods === edge.methods,
  );
  const host = mesh.environment.domainNames[route?.host ?? 'api'];
  return {
    suffix: '-from-visitors',
    words: ' by the ingress gateway',
    send: (request) => mesh.client.send({ ...request, host }),
  };
}

/** One read and one write, as far as the caller may. */
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
        ? `${method} to ${service.name} is never sent twice${caller.words} once it has arrived`
        : `${method} to ${service.name} is tried ${most} times${caller.words}, as declared`,
    // Tries have a time of their own, which a busy machine can use up; what is sent once has none.
    attempts: most === 1 ? 1 : 3,
    run: async () => {
      const outcomes: string[] = [];
      for (const fault of INJECTED_FAULTS) {
        await inExperiment(mesh, probe, method, fault.answer, ({ status, attemptCount }) => {
          const seen = `after ${fault.name}: ${attemptCount} ${attemptCount === 1 ? 'try' : 'tries'}`;
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
    title: `${method} to a hanging ${service.name} is ended${caller.words} after ${attemptCount === 1 ? '' : `${attemptCount} tries and `}${soonest} ms`,
    attempts: 3,
    run: () =>
      inExperiment(mesh, probe, method, { instead: 'hang' }, ({ status, attemptCount: seen, ms }) => {
        const took = `${status} after ${ms.toFixed(0)} ms and ${seen} tries`;
        assertThat(status === 504 && seen === attemptCount, `${took}, instead of 504 and ${attemptCount}`);
        assertThat(
          ms > soonest - 15 && ms < latest + SLACK_MS,
          `${took}, not within ${soonest} and ${latest} ms`,
        );
        return { seen: took, figures: { ms } };
      }),
  };
}

function isRetried({ service }: Probe, method: HttpMethod, conditions: readonly RetryCondition[]): boolean {
  const { attempts, on } = service.retries;
  return attempts > 0 && READS.includes(method) && on.some((condition) => conditions.includes(condition));
}

function inExperiment<T>(
  mesh: Mesh,
  probe: ProbeWithCaller,
  method: HttpMethod,
  answer: Answer,
  judge: (outcome: { status: number | string; attemptCount: number; ms: number }) => T,
): Promise<T> {
  const workloads = probe.service.versions.map(({ workload }) => workload);
  return duringExperiment(
    mesh,
    workloads,
    () => answer,
    async ({ headers, seen }) => {
      const request = requestOf(mesh, probe, method);
      const reply = await probe.caller.send({ ...request, headers: { ...request.headers, ...headers } });
      return judge({ status: reply.status, ms: reply.ms, attemptCount: seen().length });
    },
  );
}

/** A request of the probe that the callee allows. */
export function requestOf(mesh: Mesh, { service, edge }: Probe, method = edge.methods[0]): Request {
  return {
    host: service.host,
    path: examplePath(edge.paths[0] ?? '/'),
    method: method ?? 'GET',
    headers: edge.jwt === 'required' ? bearer(mesh.issuer.token()) : {},
  };
}
