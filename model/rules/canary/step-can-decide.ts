import { canarySteps, stepAt, type CanaryStep } from '../../canary/steps';
import type { Service } from '../../service';
import type { Rule, RuleViolation } from '../rule';

export const stepCanDecide: Rule = {
  id: 'CAN-001',
  title: "A step's requests can decide",
  severity: 'error',
  rationale:
    'A step that is over before its requests can tell a faulty version from a healthy one lets every version pass, and says that it was tested.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'begin with a larger step, raise canary.detection.smallestMultiple or canary.longestBakeMinutes',
  check: ({ services }) =>
    services.flatMap((service) => {
      const longest = service.canaryPolicy?.longestBakeMinutes ?? Infinity;
      return canarySteps(service).flatMap((step, index): RuleViolation[] =>
        // Where no number of requests decides, the budget is the cause: CAN-002.
        step.decidedAfterMinutes <= longest || step.requestsNeeded === Infinity
          ? []
          : [violation(service, step, index, longest)],
      );
    }),
};

function violation(service: Service, step: CanaryStep, index: number, longestMinutes: number): RuleViolation {
  const { weightPercent, requestsNeeded, decidedAfterMinutes, neededFor } = step;
  const rate = service.slos.expectedRequestsPerSecond;
  const decides = smallestDeciding(service, longestMinutes);
  return {
    kind: 'service',
    name: service.name,
    path: ['canary', 'stepsPercent', index],
    message: `${weightPercent} % of ${rate} requests/s takes ${decidedAfterMinutes} min to bring the ${requestsNeeded} that ${neededFor} needs, longer than longestBakeMinutes ${longestMinutes}`,
    ...(decides !== undefined && {
      fix: `begin at ${decides} %, or raise canary.detection.smallestMultiple or canary.longestBakeMinutes`,
    }),
  };
}

/** Smallest whole weight that would decide: more traffic always does so sooner. */
function smallestDeciding(service: Service, longestMinutes: number): number | undefined {
  const decides = (weightPercent: number) =>
    stepAt(service, weightPercent, 1).decidedAfterMinutes <= longestMinutes;
  if (!decides(100)) return undefined;
  let [low, high] = [0, 100];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (decides(middle)) high = middle;
    else low = middle;
  }
  return high;
}
