/** The tests of a service's canary, from its SLOs and the error probabilities that its team accepts. */
import type { Service } from '../service';
import { effectiveMultiple, sequentialTest, type SequentialTest } from './sequential-test';

export type ObjectiveName = 'availability' | 'latency';

export const OBJECTIVES: readonly ObjectiveName[] = ['availability', 'latency'];

/** Gross failure within minutes. */
export interface FastTest {
  /** Share of failed or slow requests above which a version fails the test. */
  readonly failureShare: number;
  /** Minimum number of failed or slow requests in the window. */
  readonly failedRequests: number;
  readonly windowMinutes: number;
}

export interface CanaryTest {
  readonly objective: ObjectiveName;
  readonly fast: FastTest;
  readonly slow: SequentialTest;
  /** Probability that each of the two tests rolls back a version with a burn rate of 1 within one step. */
  readonly falseAlarm: number;
  /** Probability that a version at the smallest multiple passes a step. */
  readonly miss: number;
}

export type TestedService = Pick<Service, 'slos' | 'canaryPolicy'>;

/** Fast and slow, availability and latency: each gets an equal part of the false alarms. */
const DETECTORS = 4;

/** One for each objective; empty if the service has no canary policy. */
export function canaryTests({ slos, canaryPolicy }: TestedService): readonly CanaryTest[] {
  if (canaryPolicy === undefined) return [];
  const { detection } = canaryPolicy;
  const falseAlarm = detection.falseRollbackPercent / 100 / DETECTORS;
  return OBJECTIVES.map((objective) => {
    // 1 - 0.999 is 0.0010000000000000009.
    const budget = Number((1 - slos[objective].targetPercent / 100).toPrecision(6));
    return {
      objective,
      falseAlarm,
      miss: detection.missPercent / 100,
      slow: sequentialTest(budget, detection.smallestMultiple, falseAlarm),
      fast: {
        failureShare: Number((effectiveMultiple(budget, detection.fastFactor) * budget).toPrecision(6)),
        failedRequests: detection.fastFailedRequests,
        windowMinutes: detection.fastWindowMinutes,
      },
    };
  });
}
