/** Outcomes of many releases with each objective, rate and failure rate. */
import { stepSample } from '../../model/canary/steps';
import { canaryTests, type CanaryTest } from '../../model/canary/tests';
import type { TestedService, ObjectiveName } from '../../model/canary/tests';
import { canary as canarySchema } from '../../model/schema/canary-schema';
import { slos } from '../../model/schema/slo-schema';
import { median } from '../support/median';
import { Random } from './random';
import { bake, detectors, thresholdChecks, type Bake, type Watcher } from './bake';
import type { Traffic } from './traffic';

export const RUNS = 1_000;
export const WEIGHT_PERCENT = 10;
export const TARGETS_PERCENT = [99.9, 99.5, 95] as const;
export const CANARY_RATES = [0.5, 2, 10, 50] as const;
/** Burn rates; the first is that of a healthy version. */
export const MULTIPLES = [1, 2, 5, 20, 100] as const;

/** Burn rate of the stable version beside a healthy canary; it is 1 beside a faulty one. Both are the hardest case. */
const BETTER_STABLE = 0.1;

export interface SimulatedOutcome {
  readonly multiple: number;
  readonly failurePercent: number;
  readonly rolledBack: number;
  readonly paused: number;
  /** Of the releases that were rolled back, if any. */
  readonly medianMinutes?: number;
  readonly medianFailedRequests?: number;
}

export interface SimulatedSeries {
  readonly objective: ObjectiveName;
  readonly targetPercent: number;
  readonly canaryPerSecond: number;
  readonly requestsNeeded: number;
  /** Until the sample suffices, without the delay of metrics. */
  readonly shortestMinutes: number;
  /** With the default of the policy's `bakeMinutes`. */
  readonly bakeMinutes: number;
  readonly outcomes: readonly SimulatedOutcome[];
  /** Both versions at a burn rate of 20: an outage that the canary does not cause. */
  readonly shared: SimulatedOutcome;
  /** Healthy releases rolled back by one check a minute, by the number of failed checks that end a release. */
  readonly healthyByChecks: readonly { readonly failedChecks: number; readonly rolledBack: number }[];
}

/** Targets of up to 95 % are for latency, others for availability. */
export function series(targetPercent: number, canaryPerSecond: number, seed: number): SimulatedSeries {
  const objective: ObjectiveName = targetPercent <= 95 ? 'latency' : 'availability';
  const service = serviceOf(objective, targetPercent, (canaryPerSecond * 100) / WEIGHT_PERCENT);
  const test = testOf(service, objective);
  const requestsNeeded = stepSample(test, WEIGHT_PERCENT);
  const shortestMinutes = Math.ceil(requestsNeeded / canaryPerSecond / 60);
  const bakeMinutes = Math.max(service.canaryPolicy?.bakeMinutes ?? 0, shortestMinutes);
  const budget = test.slow.budget;
  const random = new Random(seed);
  const traffic = (canaryMultiple: number, stableMultiple: number): Traffic => ({
    canaryPerSecond,
    stablePerSecond: (canaryPerSecond * (100 - WEIGHT_PERCENT)) / WEIGHT_PERCENT,
    canaryFailed: Math.min(1, budget * canaryMultiple),
    stableFailed: Math.min(1, budget * stableMultiple),
  });
  const outcome = (watcher: Watcher, canaryMultiple: number, stableMultiple: number) =>
    summary(
      canaryMultiple,
      budget,
      Array.from({ length: RUNS }, () =>
        bake(watcher, traffic(canaryMultiple, stableMultiple), bakeMinutes, random),
      ),
    );
  const ours = detectors(test, true);
  return {
    objective,
    targetPercent,
    canaryPerSecond,
    requestsNeeded,
    shortestMinutes,
    bakeMinutes,
    outcomes: MULTIPLES.map((multiple) => outcome(ours, multiple, multiple === 1 ? BETTER_STABLE : 1)),
    shared: outcome(ours, 20, 20),
    healthyByChecks: [2, 5].map((failedChecks) => ({
      failedChecks,
      rolledBack: outcome(thresholdChecks(test.slow.budget * test.slow.multiple, failedChecks), 1, 1)
        .rolledBack,
    })),
  };
}

function summary(multiple: number, budget: number, bakes: readonly Bake[]): SimulatedOutcome {
  const ended = bakes.filter(({ ending }) => ending === 'rollback');
  return {
    multiple,
    failurePercent: Number((Math.min(1, budget * multiple) * 100).toPrecision(6)),
    rolledBack: ended.length,
    paused: bakes.filter(({ ending }) => ending === 'pause').length,
    ...(ended.length > 0 && {
      medianMinutes: median(ended.map(({ minutes }) => minutes)),
      medianFailedRequests: median(ended.map(({ failedRequests }) => failedRequests)),
    }),
  };
}

function serviceOf(
  objective: ObjectiveName,
  targetPercent: number,
  expectedRequestsPerSecond: number,
): TestedService {
  const slo = objective === 'latency' ? { targetPercent, thresholdMs: 300 } : { targetPercent };
  return {
    slos: slos.parse({ [objective]: slo, expectedRequestsPerSecond }),
    canaryPolicy: canarySchema.parse({ longestBakeMinutes: 1_440 }),
  };
}

function testOf(service: TestedService, objective: ObjectiveName): CanaryTest {
  const test = canaryTests(service).find((candidate) => candidate.objective === objective);
  if (test === undefined) throw new Error(`no test of ${objective}`);
  return test;
}
