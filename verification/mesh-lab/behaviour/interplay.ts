/** What a fault in one place does elsewhere. */
import { CallGraph } from '../../../model/call-graph';
import { type Call, type Service } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Answer, type Behaviour } from '../mesh/backends';
import { type Mesh } from '../mesh/mesh';
import { sendMany, type Request } from '../mesh/send';
import { amplificationTests } from './amplification';
import { calling, publicRequest, serviceNamed, workloadsOf } from './applications';
import { duringExperiment } from './experiment';

const PARALLEL = 8;
const VISITS = 100;
const SLACK_MS = 400;
/** Marks visits that need the callee in trouble. */
const DEEP_HEADER = 'x-lab-deep';

export function interplayTests(mesh: Mesh): LabTest[] {
  return [...optionalCalleeTests(mesh), ...slowThirdPartyTests(mesh), ...amplificationTests(mesh)];
}

/** A service that can do without a callee answers in time, whatever is wrong with that one. */
function optionalCalleeTests(mesh: Mesh): LabTest[] {
  return mesh.environment.services.flatMap((service) =>
    publicRequest(mesh, service) === undefined
      ? []
      : service.versions[0].calls
          .filter(({ optional }) => optional)
          .flatMap((call) => {
            const callee = serviceNamed(mesh, call.service);
            return (
              [
                ['fails', { status: 503 }],
                ['hangs', { instead: 'hang' }],
              ] as const
            ).map(([trouble, answer]) => optionalTest(mesh, service, callee, call, trouble, answer));
          }),
  );
}

function optionalTest(
  mesh: Mesh,
  service: Service,
  callee: Service,
  call: Call,
  trouble: string,
  answer: Answer,
): LabTest {
  return {
    id: `interplay/${service.name}-outlives-${callee.name}-that-${trouble}`,
    title: `${service.name} answers in time although ${callee.name} ${trouble}`,
    attempts: 3,
    run: () =>
      duringExperiment(
        mesh,
        [...workloadsOf(service), ...workloadsOf(callee)],
        (seen) =>
          workloadsOf(callee).includes(seen.by) ? answer : calling(mesh, callee.host, call, true)(seen),
        async ({ headers, seen }) => {
          const request = publicRequest(mesh, service, headers) as Request;
          const replies = await sendMany(VISITS, PARALLEL, () => mesh.client.send(request));
          const failed = replies.filter(({ status }) => status !== 200);
          const slowest = Math.max(...replies.map(({ ms }) => ms));
          const calls = seen().filter(({ by }) => workloadsOf(callee).includes(by)).length;
          assertThat(
            failed.length === 0,
            `${failed.length} of ${VISITS} failed, the first by ${failed[0]?.status}`,
          );
          assertThat(calls > 0, `${callee.name} was never asked, so nothing was shown`);
          assertThat(
            slowest < service.timeoutMs + SLACK_MS,
            `the slowest answer took ${slowest.toFixed(0)} ms`,
          );
          return {
            seen: `${VISITS} of ${VISITS} answered, the slowest after ${slowest.toFixed(0)} ms; ${callee.name} was asked ${calls} times`,
          };
        },
      ),
  };
}

/** While a third party hangs, those who need it fail in time, and those who do not are served. */
function slowThirdPartyTests(mesh: Mesh): LabTest[] {
  const graph = new CallGraph(mesh.environment);
  return mesh.environment.externals.flatMap((external) => {
    const users = graph.callersOfExternal(external.name).map(({ caller }) => caller.serviceAccount);
    const outerCall = ({ versions: [{ workload, externalCalls }] }: Service) =>
      users.includes(workload) ? externalCalls.find((call) => call.external === external.name) : undefined;
    return mesh.environment.services
      .filter((front) => publicRequest(mesh, front) !== undefined)
      .flatMap((front) => {
        const own = outerCall(front);
        const ownTests = own
          ? [slowTest(mesh, front, front, external.host, ifDeep(calling(mesh, external.host, own, false)))]
          : [];
        const testsByWayOf = front.versions[0].calls.flatMap((toUser) => {
          const user = serviceNamed(mesh, toUser.service);
          const outer = outerCall(user);
          if (!outer) return [];
          const callOut = calling(mesh, external.host, outer, false);
          const callUser = ifDeep(calling(mesh, user.host, toUser, false));
          return [
            slowTest(mesh, front, user, external.host, (seen) =>
              workloadsOf(user).includes(seen.by) ? callOut(seen) : callUser(seen),
            ),
          ];
        });
        return [...ownTests, ...testsByWayOf];
      });
  });
}

/** What the marked visits need; the others are answered at once. */
function ifDeep(behaviour: Behaviour): Behaviour {
  return (seen) => (seen.headers[DEEP_HEADER] === undefined ? {} : behaviour(seen));
}

function slowTest(mesh: Mesh, front: Service, user: Service, host: string, behaviour: Behaviour): LabTest {
  return {
    id: `interplay/${front.name}-outlives-a-slow-${host}${user === front ? '' : `-behind-${user.name}`}`,
    title: `a hanging ${host} does not exhaust ${front.name}: who does not need ${user === front ? 'it' : user.name} is served`,
    attempts: 3,
    run: () =>
      duringExperiment(
        mesh,
        [host, ...new Set([...workloadsOf(front), ...workloadsOf(user)])],
        (seen) => (seen.by === host ? { instead: 'hang' } : behaviour(seen)),
        async ({ headers }) => {
          const request = publicRequest(mesh, front, headers) as Request;
          const deep = { ...request, headers: { ...request.headers, [DEEP_HEADER]: '1' } };
          const caller = mesh.clients();
          const [needing, others] = await Promise.all([
            sendMany(VISITS, PARALLEL * 4, () => caller.send(deep)),
            sendMany(VISITS, PARALLEL / 4, () => caller.send(request)),
          ]);
          const slowest = Math.max(...needing.map(({ ms }) => ms));
          const failed = others.filter(({ status }) => status !== 200);
          const slowestOther = Math.max(...others.map(({ ms }) => ms));
          assertThat(
            failed.length === 0,
            `${failed.length} of ${VISITS} bystanders failed, the first by ${failed[0]?.status}`,
          );
          assertThat(
            needing.every(({ status }) => status !== 200),
            'the third party answered, so nothing was shown',
          );
          assertThat(slowest < front.timeoutMs, `who needed it waited ${slowest.toFixed(0)} ms`);
          return {
            seen: `${VISITS} of ${VISITS} bystanders served, the slowest after ${slowestOther.toFixed(0)} ms; the ${VISITS} others were told after ${slowest.toFixed(0)} ms at most`,
          };
        },
      ),
  };
}
