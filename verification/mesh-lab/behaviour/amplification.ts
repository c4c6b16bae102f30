/** The number of attempts that one external request can cause. */
import {
  MOST_ATTEMPTS_ALONG_A_PATH,
  worstLoads,
  type Load,
} from '../../../model/rules/resilience/bounded-amplification';
import { type Access } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Request } from '../mesh/send';
import { calling, externalNamed, publicRequest, serviceOfMesh, workloadsOf } from './applications';
import { withExperiment } from './experiment';

/** Tests the paths with the most attempts, to a service and to a third party, when the end of the path fails. */
export function amplificationTests(mesh: Mesh): LabTest[] {
  return (['service', 'external'] as const).flatMap((kind) => {
    const worst = [...worstLoads(mesh.environment)]
      .filter(([key]) => key.startsWith(`${kind} `))
      .sort(
        ([, one], [, other]) =>
          other.attemptCount - one.attemptCount || other.trail.length - one.trail.length,
      )
      .map(([, load]) => load)
      .find(
        ({ trail: [first = '', ...others] }) =>
          others.length > 0 && publicRequest(mesh, serviceOfMesh(mesh, first)) !== undefined,
      );
    return worst ? [amplificationTest(mesh, worst, kind)] : [];
  });
}

/** A hop of a path. */
interface Step {
  readonly host: string;
  /** Workloads behind the host, or the third party. */
  readonly workloads: readonly string[];
  readonly callTo: (next: string) => Access | undefined;
}

function amplificationTest(
  mesh: Mesh,
  { trail, attemptCount: expected }: Load,
  kind: 'service' | 'external',
): LabTest {
  const steps = trail.map((name, index): Step => {
    if (kind === 'external' && index === trail.length - 1) {
      const { host } = externalNamed(mesh, name);
      return { host, workloads: [host], callTo: () => undefined };
    }
    const service = serviceOfMesh(mesh, name);
    const { calls, externalCalls } = service.versions[0];
    return {
      host: service.host,
      workloads: workloadsOf(service),
      callTo: (next) =>
        calls.find((call) => call.service === next) ?? externalCalls.find((call) => call.external === next),
    };
  });
  const last = trail.at(-1) ?? '';
  return {
    id:
      kind === 'service'
        ? 'interplay/retries-do-not-multiply'
        : `interplay/retries-do-not-multiply-at-${last}`,
    title:
      kind === 'service'
        ? `one request causes ${expected} attempts along ${trail.join(' → ')}, at most ${MOST_ATTEMPTS_ALONG_A_PATH}`
        : `one request causes at most ${expected} attempts along ${trail.join(' → ')}`,
    attempts: 3,
    run: () =>
      withExperiment(
        mesh,
        steps.flatMap(({ workloads }) => workloads),
        (request) => {
          const index = steps.findIndex(({ workloads }) => workloads.includes(request.workload));
          const next = steps[index + 1];
          const call = steps[index]?.callTo(trail[index + 1] ?? '');
          return next && call ? calling(mesh, next.host, call, false)(request) : { status: 503 };
        },
        async ({ headers, received }) => {
          const front = serviceOfMesh(mesh, trail[0] ?? '');
          const { status } = await mesh.client.send(publicRequest(mesh, front, headers) as Request);
          const attemptCount = received().filter(({ workload }) =>
            steps.at(-1)?.workloads.includes(workload),
          ).length;
          assertThat(Number(status) >= 500, `the request got ${status}`);
          // The rule also counts retries that the mesh omits because the third party may have acted on the request.
          const isAsDeclared =
            kind === 'service' ? attemptCount === expected : attemptCount >= 1 && attemptCount <= expected;
          assertThat(
            isAsDeclared && attemptCount <= MOST_ATTEMPTS_ALONG_A_PATH,
            `${attemptCount} attempts arrived at ${last}`,
          );
          return {
            seen: `${attemptCount} ${attemptCount === 1 ? 'attempt' : 'attempts'} at ${last}`,
            figures: { attemptCount },
          };
        },
      ),
  };
}
