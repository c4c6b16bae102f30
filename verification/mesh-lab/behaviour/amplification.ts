/** How many tries one visit becomes. */
import {
  MOST_ATTEMPTS_ALONG_A_PATH,
  worstLoads,
  type Load,
} from '../../../model/rules/resilience/bounded-amplification';
import { type Access } from '../../../model/service';
import { assertThat, type LabTest } from '../../support/lab-test';
import { type Mesh } from '../mesh/mesh';
import { type Request } from '../mesh/send';
import { calling, externalNamed, publicRequest, serviceNamed, workloadsOf } from './applications';
import { duringExperiment } from './experiment';

/** The longest path of retries to a service, and to a third party: one visit, and everything at its end fails. */
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
          others.length > 0 && publicRequest(mesh, serviceNamed(mesh, first)) !== undefined,
      );
    return worst ? [amplificationTest(mesh, worst, kind)] : [];
  });
}

/** A step of a path: who does what to whom. */
interface Step {
  readonly host: string;
  /** Whose requests are counted there. */
  readonly by: readonly string[];
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
      return { host, by: [host], callTo: () => undefined };
    }
    const service = serviceNamed(mesh, name);
    const { calls, externalCalls } = service.versions[0];
    return {
      host: service.host,
      by: workloadsOf(service),
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
        ? `one visit becomes ${expected} tries along ${trail.join(' → ')}, no more than ${MOST_ATTEMPTS_ALONG_A_PATH}`
        : `one visit becomes no more than ${expected} tries along ${trail.join(' → ')}`,
    attempts: 3,
    run: () =>
      duringExperiment(
        mesh,
        steps.flatMap(({ by }) => by),
        (seen) => {
          const index = steps.findIndex(({ by }) => by.includes(seen.by));
          const next = steps[index + 1];
          const call = steps[index]?.callTo(trail[index + 1] ?? '');
          return next && call ? calling(mesh, next.host, call, false)(seen) : { status: 503 };
        },
        async ({ headers, seen }) => {
          const front = serviceNamed(mesh, trail[0] ?? '');
          const { status } = await mesh.client.send(publicRequest(mesh, front, headers) as Request);
          const attemptCount = seen().filter(({ by }) => steps.at(-1)?.by.includes(by)).length;
          assertThat(Number(status) >= 500, `the visit was answered ${status}`);
          // What may have been done at a third party is not sent again, though the rule counts as if it were.
          const isAsDeclared =
            kind === 'service' ? attemptCount === expected : attemptCount >= 1 && attemptCount <= expected;
          assertThat(
            isAsDeclared && attemptCount <= MOST_ATTEMPTS_ALONG_A_PATH,
            `${attemptCount} tries arrived at ${last}`,
          );
          return {
            seen: `${attemptCount} ${attemptCount === 1 ? 'try' : 'tries'} at ${last}`,
            figures: { attemptCount },
          };
        },
      ),
  };
}
