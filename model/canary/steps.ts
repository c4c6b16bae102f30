/** Time and requests that a release needs at each weight. */
import { poissonAtLeast } from '../poisson';
import { requestsNeeded } from './sample-size';
import { canaryTests, type CanaryTest, type TestedService, type ObjectiveName } from './tests';

/**
 * Until a request counts in full: metrics are sampled once a minute, visible up to three minutes later, and counted as
 * means of four minutes.
 *
 * @see https://cloud.google.com/monitoring/api/metrics_istio
 */
export const METRIC_DELAY_MINUTES = 6;

export interface CanaryStep {
  readonly weightPercent: number;
  /** To the canary, at the expected rate. */
  readonly requestsPerSecond: number;
  /** Requests to the canary that its tests need; the objective that needs the most is `neededFor`. */
  readonly requestsNeeded: number;
  readonly neededFor: ObjectiveName;
  /** Time until that many requests have arrived and are visible, at the expected rate. */
  readonly decidedAfterMinutes: number;
  /** Time the release stays at this weight. */
  readonly bakeMinutes: number;
}

/** Every step of the service's canary; empty without one. */
export function canarySteps(service: TestedService): readonly CanaryStep[] {
  const { canaryPolicy } = service;
  if (canaryPolicy === undefined) return [];
  return canaryPolicy.stepsPercent.map((weightPercent) =>
    stepAt(service, weightPercent, canaryPolicy.bakeMinutes),
  );
}

/** The step at any weight, also one that the policy does not list. */
export function stepAt(service: TestedService, weightPercent: number, bakeMinutes: number): CanaryStep {
  const requestsPerSecond = (service.slos.expectedRequestsPerSecond * weightPercent) / 100;
  const [first, ...others] = canaryTests(service).map((test) => ({
    objective: test.objective,
    requests: stepSample(test, weightPercent),
  }));
  if (first === undefined) throw new Error('a service without a canary has no steps');
  const most = others.reduce((a, b) => (b.requests > a.requests ? b : a), first);
  const decidedAfterMinutes = Math.ceil(most.requests / requestsPerSecond / 60) + METRIC_DELAY_MINUTES;
  return {
    weightPercent,
    requestsPerSecond,
    requestsNeeded: most.requests,
    neededFor: most.objective,
    decidedAfterMinutes,
    bakeMinutes: Math.max(bakeMinutes, decidedAfterMinutes),
  };
}

/**
 * Requests to the canary that one test needs at this weight. The comparison with the stable version needs more of them;
 * only availability has it, and only below 100 %.
 */
export function stepSample(test: CanaryTest, weightPercent: number): number {
  const compared = test.objective === 'availability' && weightPercent < 100;
  const stableForOne = compared ? (100 - weightPercent) / weightPercent : 0;
  return requestsNeeded(test.slow, test.miss, stableForOne);
}

/** Upper bound of the probability that a healthy version fails the fast test, evaluated once a minute. */
export function fastFalseAlarm({ fast, slow }: CanaryTest, step: CanaryStep): number {
  const requests = step.requestsPerSecond * fast.windowMinutes * 60;
  const failedNeeded = Math.max(fast.failedRequests, Math.ceil(fast.failureShare * requests));
  return Math.min(1, step.bakeMinutes * poissonAtLeast(failedNeeded, requests * slow.budget));
}
