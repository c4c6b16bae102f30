/** Checks of a service file beyond the schema. */
import { resourceNameOf, type ServiceSpec } from '../schema/service-schema';
import { STABLE_VERSION } from '../naming';
import { checkContainer } from './container-checks';
import { checkStreams } from './stream-checks';
import { unknownName, type SpecViolation } from './parse';

export function checkService(spec: ServiceSpec): SpecViolation[] {
  return [
    ...checkAutoscaling(spec),
    ...checkCalls(spec),
    ...checkCanary(spec),
    ...checkDatabase(spec),
    ...checkContainer(spec),
    ...checkStreams(spec),
  ];
}

function checkAutoscaling({ autoscaling: { minReplicas, maxReplicas } }: ServiceSpec): SpecViolation[] {
  if (minReplicas <= maxReplicas) return [];
  return [
    {
      path: ['autoscaling', 'minReplicas'],
      rule: `${minReplicas} is above maxReplicas ${maxReplicas}`,
      fix: 'swap them',
    },
  ];
}

function checkCalls({ calls }: ServiceSpec): SpecViolation[] {
  const seen = new Set<string>();
  return calls.flatMap((call, index): SpecViolation[] => {
    const [key, target] = 'service' in call ? ['service', call.service] : ['external', call.external];
    const path = ['calls', index, key];
    if (seen.has(target))
      return [
        { path, rule: `'${target}' is called twice`, fix: 'merge the methods and paths into one entry' },
      ];
    seen.add(target);
    return [];
  });
}

/** @param known names of every environment file */
export function checkCallEnvironments({ calls }: ServiceSpec, known: readonly string[]): SpecViolation[] {
  return calls.flatMap(({ environments = [] }, call) =>
    environments.flatMap((name, index) =>
      known.includes(name)
        ? []
        : [unknownName(['calls', call, 'environments', index], name, 'environment', known)],
    ),
  );
}

function checkCanary({ calls, canary }: ServiceSpec): SpecViolation[] {
  if (canary === undefined) return [];
  const targets = calls.map((call) => ('service' in call ? call.service : call.external));
  const findings = (canary.calls ?? []).flatMap((target, index) =>
    targets.includes(target)
      ? []
      : [unknownName(['canary', 'calls', index], target, 'target of calls', targets)],
  );
  if (canary.version === STABLE_VERSION) {
    findings.push({
      path: ['canary', 'version'],
      rule: `'${STABLE_VERSION}' is the stable version`,
      fix: "use 'v2'",
    });
  }
  const rising = canary.stepsPercent.every(
    (step, index, steps) => index === 0 || step > (steps[index - 1] ?? 0),
  );
  if (!rising || canary.stepsPercent.at(-1) !== 100) {
    findings.push({
      path: ['canary', 'stepsPercent'],
      rule: `[${canary.stepsPercent.join(', ')}] must rise and end at 100`,
      fix: 'use [1, 5, 10, 25, 50, 100]',
    });
  }
  if (canary.bakeMinutes > canary.longestBakeMinutes) {
    findings.push({
      path: ['canary', 'bakeMinutes'],
      rule: `${canary.bakeMinutes} is above longestBakeMinutes ${canary.longestBakeMinutes}`,
      fix: 'raise longestBakeMinutes, which bounds the window of the slow detectors',
    });
  }
  return findings;
}

/** Ids of Google service accounts have at most 30 characters, and `-db` is appended. */
function checkDatabase({ database, ...spec }: ServiceSpec): SpecViolation[] {
  const name = resourceNameOf(spec);
  if (!database || name.length <= 27) return [];
  return [
    {
      path: ['name'],
      rule: `'${name}' is too long for a service with a database`,
      fix: 'use at most 27 characters',
    },
  ];
}

/** Whether neither of the ingress routes decides about some request: both declare its method and the same path. */
export function routesConflict(
  left: ServiceSpec['ingress'][number],
  right: ServiceSpec['ingress'][number],
): boolean {
  return (
    left.host === right.host &&
    left.methods.some((method) => right.methods.includes(method)) &&
    left.paths.some((path) => right.paths.includes(path))
  );
}
