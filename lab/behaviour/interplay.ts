/** What a fault in one place does elsewhere. */
import { CallGraph } from '../../model/call-graph';
import { MOST_TRIES_ALONG_A_PATH, worstLoads } from '../../model/rules/resilience/bounded-amplification';
import { type Call, type Service } from '../../model/service';
import { insist, type Claim } from '../claim';
import { EXPERIMENT_HEADER, type Answer, type Behaviour } from '../mesh/backends';
import { type Mesh } from '../mesh/mesh';
import { sendMany, type Request } from '../mesh/send';
import { bearer } from '../mesh/tokens';
import { duringExperiment } from './experiment';
import { examplePath } from './example';

const PARALLEL = 8;
const VISITS = 100;
const SLACK_MS = 400;
/** Marks visits that need the callee in trouble. */
const DEEP_HEADER = 'x-lab-deep';

export function interplayClaims(mesh: Mesh): Claim[] {
  return [...optionalCalleeClaims(mesh), ...slowThirdPartyClaims(mesh), ...amplificationClaims(mesh)];
}

/** A service that can do without a callee answers in time, whatever is wrong with that one. */
function optionalCalleeClaims(mesh: Mesh): Claim[] {
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
            ).map(([trouble, answer]) => optionalClaim(mesh, service, callee, call, trouble, answer));
          }),
  );
}

function optionalClaim(
  mesh: Mesh,
  service: Service,
  callee: Service,
  call: Call,
  trouble: string,
  answer: Answer,
): Claim {
  return {
    id: `interplay/${service.name}-outlives-${callee.name}-that-${trouble}`,
    title: `${service.name} answers in time although ${callee.name} ${trouble}`,
    attempts: 3,
    prove: () =>
      duringExperiment(
        mesh,
        [...workloadsOf(service), ...workloadsOf(callee)],
        (seen) =>
          workloadsOf(callee).includes(seen.by) ? answer : calling(mesh, callee.host, call, true)(seen),
        async ({ headers, seen }) => {
          const request = publicRequest(mesh, service, headers) as Request;
          const replies = await sendMany(VISITS, PARALLEL, () => mesh.visitor.send(request));
          const failed = replies.filter(({ status }) => status !== 200);
          const slowest = Math.max(...replies.map(({ ms }) => ms));
          const asked = seen().filter(({ by }) => workloadsOf(callee).includes(by)).length;
          insist(
            failed.length === 0,
            `${failed.length} of ${VISITS} failed, the first by ${failed[0]?.status}`,
          );
          insist(asked > 0, `${callee.name} was never asked, so nothing was shown`);
          insist(slowest < service.timeoutMs + SLACK_MS, `the slowest answer took ${slowest.toFixed(0)} ms`);
          return {
            seen: `${VISITS} of ${VISITS} answered, the slowest after ${slowest.toFixed(0)} ms; ${callee.name} was asked ${asked} times`,
          };
        },
      ),
  };
}

/** While a third party hangs, those who need it fail in time, and those who do not are served. */
function slowThirdPartyClaims(mesh: Mesh): Claim[] {
  const graph = new CallGraph(mesh.environment);
  return mesh.environment.externals.flatMap((external) => {
    const users = graph.callersOfExternal(external.name).map(({ caller }) => caller.serviceAccount);
    return mesh.environment.services.flatMap((front) =>
      front.versions[0].calls.flatMap((toUser) => {
        const user = serviceNamed(mesh, toUser.service);
        const outer = user.versions[0].externalCalls.find((call) => call.external === external.name);
        if (!outer || !users.includes(user.versions[0].workload) || !publicRequest(mesh, front)) return [];
        return [
          slowClaim(mesh, front, user, external.host, (seen) =>
            workloadsOf(user).includes(seen.by)
              ? calling(mesh, external.host, outer, false)(seen)
              : seen.headers[DEEP_HEADER] === undefined
                ? {}
                : calling(mesh, user.host, toUser, false)(seen),
          ),
        ];
      }),
    );
  });
}

function slowClaim(mesh: Mesh, front: Service, user: Service, host: string, behaviour: Behaviour): Claim {
  return {
    id: `interplay/${front.name}-outlives-a-slow-${host}`,
    title: `a hanging ${host} does not exhaust ${front.name}: who does not need ${user.name} is served`,
    attempts: 3,
    prove: () =>
      duringExperiment(
        mesh,
        [host, ...workloadsOf(front), ...workloadsOf(user)],
        (seen) => (seen.by === host ? { instead: 'hang' } : behaviour(seen)),
        async ({ headers }) => {
          const request = publicRequest(mesh, front, headers) as Request;
          const deep = { ...request, headers: { ...request.headers, [DEEP_HEADER]: '1' } };
          const caller = mesh.visitors();
          const [needing, others] = await Promise.all([
            sendMany(VISITS, PARALLEL * 4, () => caller.send(deep)),
            sendMany(VISITS, PARALLEL / 4, () => caller.send(request)),
          ]);
          const slowest = Math.max(...needing.map(({ ms }) => ms));
          const failed = others.filter(({ status }) => status !== 200);
          const slowestOther = Math.max(...others.map(({ ms }) => ms));
          insist(
            failed.length === 0,
            `${failed.length} of ${VISITS} bystanders failed, the first by ${failed[0]?.status}`,
          );
          insist(
            needing.every(({ status }) => status !== 200),
            'the third party answered, so nothing was shown',
          );
          insist(slowest < front.timeoutMs, `who needed it waited ${slowest.toFixed(0)} ms`);
          return {
            seen: `${VISITS} of ${VISITS} bystanders served, the slowest after ${slowestOther.toFixed(0)} ms; the ${VISITS} others were told after ${slowest.toFixed(0)} ms at most`,
          };
        },
      ),
  };
}

/** The longest path of retries: one visit, and everything at its end fails. */
function amplificationClaims(mesh: Mesh): Claim[] {
  const worst = [...worstLoads(mesh.environment)]
    .filter(([key]) => key.startsWith('service '))
    .sort(([, one], [, other]) => other.tries - one.tries || other.trail.length - one.trail.length)
    .map(([, load]) => load)
    .find(({ trail }) => publicRequest(mesh, serviceNamed(mesh, trail[0] ?? '')) !== undefined);
  if (!worst) return [];
  const trail = worst.trail.map((name) => serviceNamed(mesh, name));
  const last = trail.at(-1) as Service;
  return [
    {
      id: 'interplay/retries-do-not-multiply',
      title: `one visit becomes ${worst.tries} tries along ${worst.trail.join(' → ')}, no more than ${MOST_TRIES_ALONG_A_PATH}`,
      attempts: 3,
      prove: () =>
        duringExperiment(
          mesh,
          trail.flatMap(workloadsOf),
          (seen) => {
            const index = trail.findIndex((service) => workloadsOf(service).includes(seen.by));
            const next = trail[index + 1];
            const call = trail[index]?.versions[0].calls.find(({ service }) => service === next?.name);
            return next && call ? calling(mesh, next.host, call, false)(seen) : { status: 503 };
          },
          async ({ headers, seen }) => {
            const { status } = await mesh.visitor.send(
              publicRequest(mesh, trail[0] as Service, headers) as Request,
            );
            const tries = seen().filter(({ by }) => workloadsOf(last).includes(by)).length;
            insist(Number(status) >= 500, `the visit was answered ${status}`);
            insist(
              tries === worst.tries && tries <= MOST_TRIES_ALONG_A_PATH,
              `${tries} tries arrived at ${last.name}`,
            );
            return { seen: `${tries} tries at ${last.name}`, figures: { tries } };
          },
        ),
    },
  ];
}

/** An application that calls on, through its own proxy, and fails as its callee does unless it can do without. */
function calling(mesh: Mesh, host: string, call: Call, optional: boolean): Behaviour {
  return async (seen) => {
    const { status } = await mesh.from(seen.by).send({
      host,
      path: examplePath(call.paths[0] ?? '/'),
      method: call.methods[0] ?? 'GET',
      headers: { [EXPERIMENT_HEADER]: String(seen.headers[EXPERIMENT_HEADER]) },
    });
    return optional || status === 200 ? {} : { status: 500 };
  };
}

function publicRequest(
  mesh: Mesh,
  service: Service,
  headers: Readonly<Record<string, string>> = {},
): Request | undefined {
  const route = service.ingress[0];
  if (!route) return undefined;
  return {
    host: mesh.environment.domainNames[route.host],
    path: examplePath(route.paths[0] ?? '/'),
    method: route.methods[0] ?? 'GET',
    headers: { ...headers, ...(route.jwt === 'required' && bearer(mesh.issuer.token())) },
  };
}

function workloadsOf(service: Service): string[] {
  return service.versions.map(({ workload }) => workload);
}

function serviceNamed(mesh: Mesh, name: string): Service {
  const found = mesh.environment.services.find((service) => service.name === name);
  if (!found) throw new Error(`'${name}' is no service of ${mesh.environment.name}`);
  return found;
}
