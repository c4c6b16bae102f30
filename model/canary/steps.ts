/** How long a release stays at each weight, and why not shorter. */
import { poissonAtLeast } from '../poisson';
import { requestsNeeded } from './sample-size';
import { canaryTests, type CanaryTest, type JudgedService, type Objective } from './tests';

/**
 * Until a request can be queried: sampled once a minute, then not visible for up to three more.
 *
 * @see https://cloud.google.com/monitoring/api/metrics_istio
 */
export const METRIC_DELAY_MINUTES = 4;

export interface CanaryStep {
  readonly weightPercent: number;
  /** To the canary, at the declared rate. */
  readonly requestsPerSecond: number;
  /** Requests to the canary without which nothing can be said, by what takes the most. */
  readonly requestsNeeded: number;
  readonly neededFor: Objective;
  /** Time in which that many arrive and become visible, at the declared rate. */
  readonly decidedAfterMinutes: number;
  /** Time the release stays at this weight. */
  readonly bakeMinutes: number;
}

/** Every step of the service's canary; empty without one. */
export function canarySteps(service: JudgedService): readonly CanaryStep[] {
  const { canaryPolicy } = service;
  if (canaryPolicy === undefined) return [];
  return canaryPolicy.stepsPercent.map((weightPercent) =>
    stepAt(service, weightPercent, canaryPolicy.bakeMinutes),
  );
}

/** The step at any weight, such as one on the way back to the stable version. */
export function stepAt(service: JudgedService, weightPercent: number, bakeMinutes: number): CanaryStep {
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
 * Requests to the canary that one test needs at this weight. Only availability is compared request by request
 * with the stable version, which costs some more of them; at 100 % there is nothing left to compare with.
 */
export function stepSample(test: CanaryTest, weightPercent: number): number {
  const compared = test.objective === 'availability' && weightPercent < 100;
  const stableForOne = compared ? (100 - weightPercent) / weightPercent : 0;
  return requestsNeeded(test.slow, test.miss, stableForOne);
}

/** Upper bound of the chance that a healthy version looks grossly broken, with a look a minute. */
export function fastFalseAlarm({ fast, slow }: CanaryTest, step: CanaryStep): number {
  const requests = step.requestsPerSecond * fast.windowMinutes * 60;
  const failedNeeded = Math.max(fast.failedRequests, Math.ceil(fast.failureShare * requests));
  return Math.min(1, step.bakeMinutes * poissonAtLeast(failedNeeded, requests * slow.budget));
}
