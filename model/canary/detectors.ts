/** The questions that Cloud Monitoring asks once a minute while a canary runs, each one PromQL expression. */
import type { Service, Version } from '../service';
import { isCompared, type CanaryAction } from './judgement';
import { canaryTests, type CanaryTest, type Objective } from './tests';
import {
  failureCounts,
  lastMinutes,
  latencyBuckets,
  sinceInstant,
  versionSelectors,
  type Span,
} from './version-metrics';

export interface CanaryDetector {
  /** Part of names: `fast-availability`. */
  readonly id: string;
  readonly action: CanaryAction;
  readonly objective: Objective;
  readonly speed: 'fast' | 'slow';
  /** Has a value while the detector fires. */
  readonly query: string;
  /** One sentence for whoever is told. */
  readonly says: string;
}

/**
 * The detectors of the canary that runs; empty if none does. For a rollback, gross failure within minutes or
 * enough evidence over the step, and in both the canary must be worse than the stable version. For a pause,
 * the same evidence over the step while the stable version is no better.
 */
export function canaryDetectors(service: Service): readonly CanaryDetector[] {
  const { canary: policy, canaryTimes, versions } = service;
  const [stable, canary] = versions;
  if (policy === undefined || canary === undefined) return [];
  const step = sinceInstant(canaryTimes.stepSinceSeconds, policy.longestBakeMinutes);
  const compared = isCompared(canary.weightPercent);

  return canaryTests(service).flatMap((test): CanaryDetector[] => {
    const fast = measure(test, service, canary, stable, lastMinutes(test.fast.windowMinutes));
    const slow = measure(test, service, canary, stable, step);
    const { objective } = test;
    const multiple = Number(test.slow.multiple.toPrecision(3));
    const who = `${service.name} ${canary.name}`;
    const bad = objective === 'availability' ? 'fail' : `take over ${service.slos.latency.thresholdMs} ms`;
    const also = compared ? `, and ${stable.name} is better` : '';
    const evidence = `enough of the requests to ${who} since this step began ${bad} to tell ${multiple} times its budget from once`;
    const detectors: CanaryDetector[] = [
      {
        ...{ id: `fast-${objective}`, action: 'rollback', objective, speed: 'fast' },
        query: compared ? allOf(fast.gross, fast.worse) : fast.gross,
        says: `more than ${percent(test.fast.badShare)} of the requests to ${who} ${bad} over ${test.fast.windowMinutes} min${also}`,
      },
      {
        ...{ id: `slow-${objective}`, action: 'rollback', objective, speed: 'slow' },
        query: compared ? allOf(slow.guilty, slow.worse) : slow.guilty,
        says: `${evidence}${also}`,
      },
    ];
    if (compared)
      detectors.push({
        ...{ id: `shared-${objective}`, action: 'pause', objective, speed: 'slow' },
        query: `(${slow.guilty})\nunless\n(${slow.worse})`,
        says: `${evidence}, and ${stable.name} is no better: the cause is elsewhere`,
      });
    return detectors;
  });
}

interface Conditions {
  /** Gross failure of the canary. */
  readonly gross: string;
  /** Enough evidence against the canary. */
  readonly guilty: string;
  /** Worse than the stable version. */
  readonly worse: string;
}

function measure(test: CanaryTest, service: Service, canary: Version, stable: Version, span: Span): Conditions {
  const ofCanary = versionSelectors(service, canary);
  const ofStable = versionSelectors(service, stable);
  return test.objective === 'availability'
    ? failureConditions(test, failureCounts(span, ofCanary), failureCounts(span, ofStable))
    : latencyConditions(
        test,
        failureCounts(span, ofCanary).all,
        latencyBuckets(span, ofCanary),
        latencyBuckets(span, ofStable),
        service.slos.latency.thresholdMs,
      );
}

interface Counts {
  readonly all: string;
  readonly bad: string;
}

/** `evidenceAgainstPromise` and `evidenceAgainstStable`, in PromQL. */
function failureConditions({ fast, slow }: CanaryTest, canary: Counts, stable: Counts): Conditions {
  const m = slow.multiple;
  const tilt = `ln((${m} * ${canary.all} + ${stable.all}) / (${canary.all} + ${stable.all}))`;
  return {
    gross: allOf(`${canary.bad} >= ${fast.badRequests}`, `${canary.bad} > ${fast.badShare} * ${canary.all}`),
    guilty: `${slow.gain} * ${canary.bad} - ${slow.cost} * ${canary.all} >= ${slow.threshold}`,
    worse: `${number(Math.log(m))} * ${canary.bad} - ${tilt} * (${canary.bad} + ${stable.bad}) >= ${slow.threshold}`,
  };
}

/**
 * "More than a share s of the requests is slower than t" is "the (1 - s) quantile is above t": asked this way
 * the threshold need not be a bucket boundary of the histogram, which Google chooses.
 */
function latencyConditions(
  { fast, slow }: CanaryTest,
  all: string,
  canary: string,
  stable: string,
  thresholdMs: number,
): Conditions {
  const grossShare = `clamp_min(${fast.badRequests} / ${all}, ${fast.badShare})`;
  const guiltyShare = `(${slow.threshold} / ${all} + ${slow.cost}) / ${slow.gain}`;
  const beyond = (share: string, buckets: string) => `histogram_quantile(scalar(1 - ${share}), ${buckets})`;
  return { gross: '', guilty: '', worse: '', ...{ grossShare, guiltyShare, beyond, canary, stable, thresholdMs } };
}

function allOf(...conditions: readonly string[]): string {
  return conditions.map((condition) => `(${condition})`).join('\nand\n');
}

function number(value: number): number {
  return Number(value.toPrecision(6));
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
