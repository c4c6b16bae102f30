import type { Rule } from '../rule';
import { callsByCaller, type ResolvedCall } from '../targets';
import type { Environment } from '../../environment';

export const targetWithinReach: Rule = {
  id: 'SLO-001',
  title: 'A target is within reach of its callees',
  severity: 'error',
  rationale:
    'A service that needs all of its callees fails when any of them does: a target above the product of theirs is missed while everybody keeps their promise.',
  source: 'https://queue.acm.org/detail.cfm?id=3096459',
  fix: "lower the target, raise those of the callees, or mark a call that it can do without as 'optional'",
  check: (environment) => {
    const calls = callsByCaller(environment);
    const targets = targetsOf(environment);
    return environment.services.flatMap(({ name, slos: { availability } }) => {
      const needed = (calls.get(name) ?? []).filter(({ optional }) => !optional);
      const reachable = needed.reduce((share, call) => share * targetOf(call, targets), 1) * 100;
      if (availability.targetPercent <= reachable + 1e-9) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['slos', 'availability', 'targetPercent'],
          message: `${availability.targetPercent} % is above the ${reachable.toFixed(2)} % that ${needed.map(({ target }) => target.name).join(', ')} together promise`,
          fix: `use at most ${(Math.floor(reachable * 100) / 100).toString()}, or mark a call that it can do without as 'optional'`,
        },
      ];
    });
  },
};

/** Shares, by kind and name. */
function targetsOf({ services, externals }: Environment): ReadonlyMap<string, number> {
  return new Map([
    ...services.map(({ name, slos }): [string, number] => [
      `service ${name}`,
      slos.availability.targetPercent / 100,
    ]),
    ...externals.map(({ name, availabilityPercent = 100 }): [string, number] => [
      `external ${name}`,
      availabilityPercent / 100,
    ]),
  ]);
}

function targetOf({ target }: ResolvedCall, targets: ReadonlyMap<string, number>): number {
  return targets.get(`${target.kind} ${target.name}`) ?? 1;
}
