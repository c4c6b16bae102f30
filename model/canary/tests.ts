/** The tests that a service's canary has to pass, from its promises and what its team accepts. */
import type { Service } from '../service';
import { effectiveMultiple, sequentialTest, type SequentialTest } from './sequential-test';

/** A promise to callers that a version can break. */
export type Objective = 'availability' | 'latency';

export const OBJECTIVES: readonly Objective[] = ['availability', 'latency'];

/** Gross failure: so many bad requests within minutes that nobody waits for more. */
export interface FastTest {
  /** Share of bad requests above which a version has failed. */
  readonly failureShare: number;
  /** Fewest bad requests in the window. */
  readonly failedRequests: number;
  readonly windowMinutes: number;
}

export interface CanaryTest {
  readonly objective: Objective;
  readonly fast: FastTest;
  readonly slow: SequentialTest;
  /** Chance that each of the two rolls back a version exactly at its budget within one step. */
  readonly falseAlarm: number;
  /** Chance that a version at the smallest multiple passes a step. */
  readonly miss: number;
}

/** The parts of a service that its canary is measured by. */
export type JudgedService = Pick<Service, 'slos' | 'canaryPolicy'>;

/** Fast and slow, availability and latency: each gets its part of the false alarms. */
const DETECTORS = 4;

/** One for each objective; empty for a service without a canary. */
export function canaryTests({ slos, canaryPolicy }: JudgedService): readonly CanaryTest[] {
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
