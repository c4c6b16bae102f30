import type { Environment } from '../../environment';
import type { Rule } from '../rule';
import { callsByCaller, targetsOf, type CallTarget } from '../targets';

/** Most attempts that one external request may cause at the end of any path. */
export const MOST_ATTEMPTS_ALONG_A_PATH = 3;

export interface Load {
  readonly attemptCount: number;
  /** From the ingress to the target. */
  readonly trail: readonly string[];
}

export const boundedAmplification: Rule = {
  id: 'RES-003',
  title: 'Retries do not multiply along a path',
  severity: 'error',
  rationale:
    'Each layer multiplies the attempts of the layer above, so retries overload a slow service at the end of the path.',
  source: 'https://sre.google/sre-book/addressing-cascading-failures/',
  fix: 'retry in one layer of the path only, preferably directly above the failing service',
  check: (environment) => {
    const loads = worstLoads(environment);
    return targetsOf(environment).flatMap(({ kind, name, retries: { attempts } }) => {
      const load = loads.get(`${kind} ${name}`);
      // Reported where the path first exceeds the limit, not at every target below.
      if (load === undefined || attempts === 0 || load.attemptCount <= MOST_ATTEMPTS_ALONG_A_PATH) return [];
      if (load.attemptCount / (attempts + 1) > MOST_ATTEMPTS_ALONG_A_PATH) return [];
      return [
        {
          kind,
          name,
          path: ['retries', 'attempts'],
          message: `one request causes up to ${load.attemptCount} attempts along ${load.trail.join(' → ')}, more than ${MOST_ATTEMPTS_ALONG_A_PATH}`,
        },
      ];
    });
  },
};

/** Most attempts at each target that one external request, or one request of a service without callers, can cause. */
export function worstLoads(environment: Environment): ReadonlyMap<string, Load> {
  const calls = callsByCaller(environment);
  const callers = new Map<string, string[]>();
  for (const [caller, made] of calls) {
    for (const { target, isStream } of made) {
      // Nobody retries a stream.
      if (isStream) continue;
      const key = `${target.kind} ${target.name}`;
      callers.set(key, [...(callers.get(key) ?? []), caller]);
    }
  }
  const targets = new Map(targetsOf(environment).map((target) => [`${target.kind} ${target.name}`, target]));
  const loads = new Map<string, Load>();
  const loadOf = (key: string, target: CallTarget): Load => {
    const known = loads.get(key);
    if (known !== undefined) return known;
    let worst: Load = { attemptCount: 1, trail: [] };
    for (const caller of callers.get(key) ?? []) {
      const above = targets.get(`service ${caller}`);
      if (above === undefined) continue;
      const load = loadOf(`service ${caller}`, above);
      if (load.attemptCount > worst.attemptCount || worst.trail.length === 0) worst = load;
    }
    const load = {
      attemptCount: worst.attemptCount * (target.retries.attempts + 1),
      trail: [...worst.trail, target.name],
    };
    loads.set(key, load);
    return load;
  };
  for (const [key, target] of targets) loadOf(key, target);
  return loads;
}
