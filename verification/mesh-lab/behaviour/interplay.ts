/** Effects of a failing service or third party on others. */
import { CallGraph } from '../../../model/call-graph';
import { type Call, type Service } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type AppResponse, type Behaviour } from '../mesh/backends';
import { type Mesh } from '../mesh/mesh';
import { sendMany, type Request } from '../mesh/send';
import { amplificationTests } from './amplification';
import { calling, publicRequest, serviceOfMesh, workloadsOf } from './applications';
import { withExperiment } from './experiment';

const PARALLEL = 8;
const REQUESTS = 100;
const SLACK_MS = 400;
/** Marks requests that need the failing service. */
const DEEP_HEADER = 'x-lab-deep';

export function interplayTests(mesh: Mesh): LabTest[] {
  return [...optionalCalleeTests(mesh), ...slowThirdPartyTests(mesh), ...amplificationTests(mesh)];
}

/** A service responds in time while an optional callee fails or hangs. */
function optionalCalleeTests(mesh: Mesh): LabTest[] {
  return mesh.environment.services.flatMap((service) =>
    publicRequest(mesh, service) === undefined
      ? []
      : service.versions[0].calls
          .filter(({ optional }) => optional)
          .flatMap((call) => {
            const callee = serviceOfMesh(mesh, call.service);
            return (
              [
                ['fails', { status: 503 }],
                ['hangs', { fault: 'hang' }],
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
  answer: AppResponse,
): LabTest {
  return {
    id: `interplay/${service.name}-responds-while-${callee.name}-${trouble}`,
    title: `${service.name} responds in time while ${callee.name} ${trouble}`,
    attempts: 3,
    run: () =>
      withExperiment(
        mesh,
        [...workloadsOf(service), ...workloadsOf(callee)],
        (request) =>
          workloadsOf(callee).includes(request.workload)
            ? answer
            : calling(mesh, callee.host, call, true)(request),
        async ({ headers, received }) => {
          const request = publicRequest(mesh, service, headers) as Request;
          const replies = await sendMany(REQUESTS, PARALLEL, () => mesh.client.send(request));
          const failed = replies.filter(({ status }) => status !== 200);
          const slowest = Math.max(...replies.map(({ ms }) => ms));
          const calls = received().filter(({ workload }) => workloadsOf(callee).includes(workload)).length;
          assertThat(
            failed.length === 0,
            `${failed.length} of ${REQUESTS} failed, the first with ${failed[0]?.status}`,
          );
          assertThat(calls > 0, `inconclusive: ${callee.name} got no request`);
          assertThat(
            slowest < service.timeoutMs + SLACK_MS,
            `the slowest response took ${slowest.toFixed(0)} ms`,
          );
          return {
            seen: `${REQUESTS} of ${REQUESTS} succeeded, the slowest after ${slowest.toFixed(0)} ms; ${callee.name} got ${calls} requests`,
          };
        },
      ),
  };
}

/** While a third party hangs, requests that need it fail in time, and others succeed. */
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
          const user = serviceOfMesh(mesh, toUser.service);
          const outer = outerCall(user);
          if (!outer) return [];
          const callOut = calling(mesh, external.host, outer, false);
          const callUser = ifDeep(calling(mesh, user.host, toUser, false));
          return [
            slowTest(mesh, front, user, external.host, (request) =>
              workloadsOf(user).includes(request.workload) ? callOut(request) : callUser(request),
            ),
          ];
        });
        return [...ownTests, ...testsByWayOf];
      });
  });
}

/** Applies the behaviour to marked requests; others succeed at once. */
function ifDeep(behaviour: Behaviour): Behaviour {
  return (request) => (request.headers[DEEP_HEADER] === undefined ? {} : behaviour(request));
}

function slowTest(mesh: Mesh, front: Service, user: Service, host: string, behaviour: Behaviour): LabTest {
  return {
    id: `interplay/${front.name}-responds-while-${host}-hangs${user === front ? '' : `-behind-${user.name}`}`,
    title: `while ${host} hangs, ${front.name} serves requests that do not need ${user === front ? 'it' : user.name}`,
    attempts: 3,
    run: () =>
      withExperiment(
        mesh,
        [host, ...new Set([...workloadsOf(front), ...workloadsOf(user)])],
        (request) => (request.workload === host ? { fault: 'hang' } : behaviour(request)),
        async ({ headers }) => {
          const request = publicRequest(mesh, front, headers) as Request;
          const deep = { ...request, headers: { ...request.headers, [DEEP_HEADER]: '1' } };
          const caller = mesh.clients();
          const [dependent, others] = await Promise.all([
            sendMany(REQUESTS, PARALLEL * 4, () => caller.send(deep)),
            sendMany(REQUESTS, PARALLEL / 4, () => caller.send(request)),
          ]);
          const slowest = Math.max(...dependent.map(({ ms }) => ms));
          const failed = others.filter(({ status }) => status !== 200);
          const slowestOther = Math.max(...others.map(({ ms }) => ms));
          assertThat(
            failed.length === 0,
            `${failed.length} of ${REQUESTS} independent requests failed, the first with ${failed[0]?.status}`,
          );
          assertThat(
            dependent.every(({ status }) => status !== 200),
            'inconclusive: the third party responded',
          );
          assertThat(slowest < front.timeoutMs, `a dependent request took ${slowest.toFixed(0)} ms`);
          return {
            seen: `${REQUESTS} of ${REQUESTS} independent requests succeeded, the slowest after ${slowestOther.toFixed(0)} ms; the dependent ones failed after at most ${slowest.toFixed(0)} ms`,
          };
        },
      ),
  };
}
