import { canarySteps, stepAt, type CanaryStep } from '../../canary/steps';
import type { Service } from '../../service';
import type { Rule, RuleViolation } from '../rule';

export const stepHasEnoughRequests: Rule = {
  id: 'CAN-001',
  title: 'Each step has enough requests to decide',
  severity: 'error',
  rationale:
    'A step that ends before it has enough requests to distinguish a failing version from a healthy one passes every version as tested.',
  source: 'https://sre.google/workbook/canarying-releases/',
  fix: 'start with a larger step, or raise canary.detection.smallestMultiple or canary.longestBakeMinutes',
  check: ({ services }) =>
    services.flatMap((service) => {
      const longest = service.canaryPolicy?.longestBakeMinutes ?? Infinity;
      return canarySteps(service).flatMap((step, index): RuleViolation[] =>
        // If no number of requests suffices, the budget is the cause: CAN-002.
        step.decidedAfterMinutes <= longest || step.requestsNeeded === Infinity
          ? []
          : [violation(service, step, index, longest)],
      );
    }),
};

function violation(service: Service, step: CanaryStep, index: number, longestMinutes: number): RuleViolation {
  const { weightPercent, requestsNeeded, decidedAfterMinutes, neededFor } = step;
  const rate = service.slos.expectedRequestsPerSecond;
  const smallest = smallestDecidingWeight(service, longestMinutes);
  return {
    kind: 'service',
    name: service.name,
    path: ['canary', 'stepsPercent', index],
    message: `${weightPercent} % of ${rate} requests/s takes ${decidedAfterMinutes} min for the ${requestsNeeded} requests that ${neededFor} needs, longer than longestBakeMinutes ${longestMinutes}`,
    ...(smallest !== undefined && {
      fix: `start at ${smallest} %, or raise canary.detection.smallestMultiple or canary.longestBakeMinutes`,
    }),
  };
}

/** Smallest integer weight that decides in time. More traffic always decides earlier. */
function smallestDecidingWeight(service: Service, longestMinutes: number): number | undefined {
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
