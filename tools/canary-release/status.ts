/** The state of a release and what blocks it, for people and pipelines. */
import { pauseBlockers, stepBlockers, weightCapBlockers, type Blocker } from '../../model/canary/blockers';
import type { Evidence } from '../../model/canary/evidence';
import type { Stage } from '../../model/canary/stage';
import { canarySteps, type CanaryStep } from '../../model/canary/steps';
import { canaryTests, OBJECTIVES } from '../../model/canary/tests';
import { latencyReading } from '../../model/slo/latency-reading';
import type { Service } from '../../model/service';
import type { CommittedRelease, InputName, PartialSnapshot } from './snapshot';

export interface CanaryStatus {
  readonly service: string;
  readonly environment: string;
  readonly stage: Stage;
  readonly version: string;
  readonly weightPercent?: number;
  readonly startedAt?: string;
  readonly stepSince?: string;
  readonly steps: readonly CanaryStep[];
  readonly blockers: readonly Blocker[];
  readonly evidence?: Evidence;
  /** Why inputs could not be read. */
  readonly unknown: readonly string[];
}

/** Inputs of {@link statusOf}, which also accepts a snapshot without some of them. */
export function statusNeeds({ stage }: CommittedRelease): readonly InputName[] {
  if (stage === 'waiting') return ['weightCaps'];
  return isBaking(stage) ? ['weightCaps', 'evidence'] : [];
}

export function statusOf(snapshot: PartialSnapshot, unknown: readonly string[] = []): CanaryStatus {
  const { service, environment, stage, canaryPolicy, entry, weightCaps = [], evidence } = snapshot;
  return {
    service: service.catalogueName,
    environment: environment.name,
    stage,
    version: canaryPolicy.version,
    ...(entry.canary && { weightPercent: entry.canary.weightPercent }),
    ...(entry.canary?.startedAt !== undefined && { startedAt: entry.canary.startedAt }),
    ...(entry.canary?.stepSince !== undefined && { stepSince: entry.canary.stepSince }),
    steps: canarySteps(service),
    blockers: [
      ...pauseBlockers(entry.canary?.pausedBecause),
      ...weightCapBlockers(service, environment, weightCaps),
      ...(isBaking(stage) ? stepBlockers(service, evidence, Date.parse(snapshot.now) / 1_000) : []),
    ],
    ...(evidence && { evidence }),
    unknown,
  };
}

function isBaking(stage: Stage): boolean {
  return stage === 'stepping' || stage === 'complete';
}

export function renderStatus(status: CanaryStatus, service: Service): string {
  const { environment, stage, version, weightPercent, stepSince, steps, blockers, unknown } = status;
  const at = weightPercent === undefined ? '' : ` at ${weightPercent} %`;
  const since = stepSince === undefined ? '' : ` since ${stepSince}`;
  return [
    `${status.service} ${version} in ${environment}: ${stage}${at}${since}`,
    '',
    '  step    requests/s  needs requests  bakes',
    ...steps.map(renderStep),
    ...(status.evidence === undefined ? [] : ['', ...renderEvidence(status.evidence, service)]),
    '',
    ...(blockers.length === 0 && unknown.length === 0 ? ['  no check blocks the next step'] : []),
    ...blockers.map(({ reason, fix }) => `  blocked: ${reason}; ${fix}`),
    ...unknown.map((reason) => `  unknown: ${reason}`),
  ].join('\n');
}

function renderStep({ weightPercent, requestsPerSecond, requestsNeeded, bakeMinutes }: CanaryStep): string {
  const rate = Number(requestsPerSecond.toPrecision(3)).toString();
  return `  ${`${weightPercent} %`.padEnd(8)}${rate.padStart(10)}${String(requestsNeeded).padStart(16)}  ${bakeMinutes} min`;
}

function renderEvidence(evidence: Evidence, service: Service): string[] {
  const { countedFromMs } = latencyReading(service.slos.latency.thresholdMs);
  return OBJECTIVES.map((objective) => {
    const { canary, stable } = evidence.step[objective];
    const budget = canaryTests(service).find((test) => test.objective === objective)?.slow.budget ?? 1;
    const word = objective === 'latency' ? `over ${countedFromMs} ms` : 'failed';
    const share = ({ all, failed }: { readonly all: number; readonly failed: number }) =>
      `${Math.round(failed)} of ${Math.round(all)} ${word}${all > 0 ? ` (${Number((failed / all / budget).toPrecision(2))}× budget)` : ''}`;
    return `  ${objective} in this step: ${share(canary)}; ${service.versions[0].name} ${share(stable)}`;
  });
}
