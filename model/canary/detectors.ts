/** The alert conditions of a canary, one PromQL expression each, which Cloud Monitoring evaluates once a minute. */
import type { Service } from '../service';
import { latencyReading } from '../slo/latency-reading';
import { versionRequests } from '../slo/requests';
import { canaryVersion } from './weight-cap';
import { both, failureConditions, latencyConditions } from './conditions';
import { isCompared, type CanaryAction } from './decision';
import { sinceInstant } from './spans';
import { canaryTests, type ObjectiveName } from './tests';

export interface CanaryDetector {
  /** `fast-availability`. */
  readonly id: string;
  readonly action: CanaryAction;
  readonly objective: ObjectiveName;
  /** Returns a value while the detector fires. */
  readonly query: string;
  /** What the query detects, as sentences. */
  readonly summary: string;
}

/**
 * Empty if no canary runs. A detector rolls back on gross failure within minutes, or on enough evidence over the step,
 * in both cases only if the canary is worse than the stable version. It pauses on the same evidence if the stable
 * version is no better. At 100 % there is no stable version to compare with, and every detector rolls back.
 *
 * The times of the release are constants in the queries, so a plan that changes the weight changes them too.
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
  const { countedFromMs, error } = latencyReading(thresholdMs);
  const tooLong =
    error === 0 ? `over ${thresholdMs} ms` : `over ${countedFromMs} ms (SLO: ${thresholdMs} ms)`;
  const subject = `${service.name} ${canary.name}`;
  const compared = isCompared(canary.weightPercent);
  const { startedAtSeconds, stepSinceSeconds } = service.canaryRelease;
  const step = sinceInstant(stepSinceSeconds, service.canaryPolicy.longestBakeMinutes);

  return canaryTests(service).flatMap((test): CanaryDetector[] => {
    const { objective, fast, slow } = test;
    // Requests of an earlier release under the same name do not count.
    const spans = { fast: sinceInstant(startedAtSeconds, fast.windowMinutes), step };
    const { gross, decisive, grosslyWorse, decisivelyWorse } =
      objective === 'availability'
        ? failureConditions(test, versions, spans)
        : latencyConditions(test, versions, spans, countedFromMs);

    const [rate, event] =
      objective === 'availability'
        ? [`Error rate of ${subject}`, 'failed']
        : [`Share of ${subject} responses ${tooLong}`, `took over ${countedFromMs} ms`];
    const worse = compared ? ` and is worse than ${stable.name}` : '';
    const burn = `${rate} since this step began is consistent with a ${multipleOf(slow.multiple)} error-budget burn`;
    const detectors: CanaryDetector[] = [
      {
        id: `fast-${objective}`,
        action: 'rollback',
        objective,
        query: compared ? both(gross, grosslyWorse) : gross,
        summary: `${rate} is above ${percent(fast.failureShare)}${worse}: at least ${fast.failedRequests} requests ${event} in the last ${fast.windowMinutes} min.`,
      },
      {
        id: `slow-${objective}`,
        action: 'rollback',
        objective,
        query: compared ? both(decisive, decisivelyWorse) : decisive,
        summary: `${burn}${worse}.`,
      },
    ];
    if (!compared) return detectors;
    return [
      ...detectors,
      {
        id: `shared-${objective}`,
        action: 'pause',
        objective,
        query: `(${decisive})\nunless\n(${decisivelyWorse})`,
        summary: `${burn}, but ${stable.name} is no better: the cause is elsewhere.`,
      },
    ];
  });
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function multipleOf(multiple: number): string {
  return `${Number(multiple.toPrecision(3))}×`;
}
