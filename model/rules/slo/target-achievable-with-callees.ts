import type { Rule } from '../rule';
import { callsByCaller, type ResolvedCall } from '../targets';
import type { Environment } from '../../environment';

export const targetAchievableWithCallees: Rule = {
  id: 'SLO-001',
  title: 'Availability targets are achievable with the callees',
  severity: 'error',
  rationale:
    'A service fails when a callee that it needs fails, so a target above the product of their targets is missed even if every callee meets its SLO.',
  source: 'https://queue.acm.org/detail.cfm?id=3096459',
  fix: "lower the target, raise those of the callees, or mark calls that may fail as 'optional'",
  check: (environment) => {
    const calls = callsByCaller(environment);
    const targets = targetsOf(environment);
    return environment.services.flatMap(({ name, slos: { availability } }) => {
      const needed = (calls.get(name) ?? []).filter(({ optional }) => !optional);
      const achievable = needed.reduce((share, call) => share * targetOf(call, targets), 1) * 100;
      if (availability.targetPercent <= achievable + 1e-9) return [];
      return [
        {
          kind: 'service' as const,
          name,
          path: ['slos', 'availability', 'targetPercent'],
          message: `${availability.targetPercent} % is above ${achievable.toFixed(2)} %, the product of the targets of ${needed.map(({ target }) => target.name).join(', ')}`,
          fix: `use at most ${(Math.floor(achievable * 100) / 100).toString()}, or mark calls that may fail as 'optional'`,
        },
      ];
    });
  },
};

/** Availability targets as ratios, by kind and name. */
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
