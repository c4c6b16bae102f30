/** The questions that Cloud Monitoring asks once a minute while a canary runs, each one PromQL expression. */
import type { Service } from '../service';
import { versionRequests } from '../slo/requests';
import { canaryVersion } from './weight-cap';
import { both, failureConditions, latencyConditions } from './conditions';
import { isCompared, type CanaryAction } from './judgement';
import { sinceInstant } from './spans';
import { canaryTests, type Objective } from './tests';

export interface CanaryDetector {
  /** Part of names: `fast-availability`. */
  readonly id: string;
  readonly action: CanaryAction;
  readonly objective: Objective;
  readonly speed: 'fast' | 'slow';
  /** Has a value while the detector fires. */
  readonly query: string;
  /** What is the case then, for whoever is told. */
  readonly says: string;
}

/**
 * The detectors of the canary that runs; empty if none does. They ask for a rollback on gross failure within
 * minutes, or on enough evidence over the step, and in both cases only if the canary is worse than the stable
 * version; for a pause on the same evidence while the stable version is no better. At 100 % there is nothing
 * left to compare with, and each asks for a rollback.
 *
 * The times of the release are constants in the queries, so advancing a canary changes them in the same plan as
 * the weight.
 */
export function canaryDetectors(service: Service): readonly CanaryDetector[] {
  const canary = canaryVersion(service);
  const [stable] = service.versions;
  if (service.canaryPolicy === undefined || canary === undefined) return [];
  const versions = {
    canary: versionRequests(service, canary.name),
    stable: versionRequests(service, stable.name),
  };
  const { thresholdMs } = service.slos.latency;
  const compared = isCompared(canary.weightPercent);
  const { startedAtSeconds, stepSinceSeconds } = service.canaryRelease;
  const step = sinceInstant(stepSinceSeconds, service.canaryPolicy.longestBakeMinutes);

  return canaryTests(service).flatMap((test): CanaryDetector[] => {
    const { objective, fast, slow } = test;
    // What the release before this one did under the same name is not counted.
    const spans = { fast: sinceInstant(startedAtSeconds, fast.windowMinutes), step };
    const conditions =
      objective === 'availability'
        ? failureConditions(test, versions, spans)
        : latencyConditions(test, versions, spans, thresholdMs);
    const { gross, decisive, grosslyWorse, guiltilyWorse } = conditions;

    const failing = objective === 'availability' ? 'fail' : `take over ${thresholdMs} ms`;
    const requests = `of the requests to ${service.name} ${canary.name}`;
    const grossly = `more than ${percent(fast.failureShare)} ${requests} ${failing} over ${fast.windowMinutes} min`;
    const evidently = `so many ${requests} ${failing} since the step began that ${multipleOf(slow.multiple)} its budget is meant, not once`;
    const better = compared ? `, and ${stable.name} is better` : '';
    const detectors: CanaryDetector[] = [
      {
        ...{ id: `fast-${objective}`, action: 'rollback', objective, speed: 'fast' },
        query: compared ? both(gross, grosslyWorse) : gross,
        says: grossly + better,
      },
      {
        ...{ id: `slow-${objective}`, action: 'rollback', objective, speed: 'slow' },
        query: compared ? both(decisive, guiltilyWorse) : decisive,
        says: evidently + better,
      },
    ];
    if (!compared) return detectors;
    return [
      ...detectors,
      {
        ...{ id: `shared-${objective}`, action: 'pause', objective, speed: 'slow' },
        query: `(${decisive})\nunless\n(${guiltilyWorse})`,
        says: `${evidently}, and ${stable.name} is no better: the cause is elsewhere`,
      },
    ];
  });
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function multipleOf(multiple: number): string {
  return `${Number(multiple.toPrecision(3))} times`;
}
