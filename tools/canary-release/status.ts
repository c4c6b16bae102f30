/** Where a release stands and what it waits for, for people and for pipelines. */
import { weightCapBlockers, pauseBlockers, stepBlockers, type Blocker } from '../../model/canary/blockers';
import { canarySteps, type CanaryStep } from '../../model/canary/steps';
import type { Evidence } from '../../model/canary/evidence';
import type { Stage } from '../../model/canary/stage';
import { canaryTests, OBJECTIVES } from '../../model/canary/tests';
import { UsageError } from '../usage-error';
import type { Session } from './session';

export interface CanaryStatus {
  readonly service: string;
  readonly environment: string;
  readonly stage: Stage;
  readonly version: string;
  readonly weightPercent?: number;
  readonly startedAt?: string;
  readonly stepSince?: string;
  readonly steps: readonly CanaryStep[];
  /** Why it must not go on, as far as is known. */
  readonly blockers: readonly Blocker[];
  readonly evidence?: Evidence;
  /** Facts that could not be had. */
  readonly unknown: readonly string[];
}

export async function statusOf(session: Session): Promise<CanaryStatus> {
  const { service, environment, stage, policy, entry } = session;
  const unknown: string[] = [];
  const known = async <T>(request: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      unknown.push(error.message);
      return undefined;
    }
  };
  const runs = stage !== 'none' && stage !== 'rolled-back' && stage !== 'promoted';
  const weightCaps = runs ? await known(() => session.weightCaps()) : undefined;
  const bakes = stage === 'stepping' || stage === 'complete';
  const evidence = bakes ? await known(() => session.evidence()) : undefined;
  return {
    ...{ service: service.catalogueName, environment: environment.name, stage, version: policy.version },
    ...(entry.canary && { weightPercent: entry.canary.weightPercent }),
    ...(entry.canary?.startedAt !== undefined && { startedAt: entry.canary.startedAt }),
    ...(entry.canary?.stepSince !== undefined && { stepSince: entry.canary.stepSince }),
    steps: canarySteps(service),
    blockers: [
      ...pauseBlockers(entry.canary?.pausedBecause),
      ...weightCapBlockers(weightCaps ?? []),
      ...(bakes ? stepBlockers(service, evidence, session.nowSeconds) : []),
    ],
    ...(evidence && { evidence }),
    unknown,
  };
}

export function renderStatus(status: CanaryStatus, session: Session): string {
  const { service, environment, stage, version, weightPercent, stepSince, steps, blockers } = status;
  const at = weightPercent === undefined ? '' : ` at ${weightPercent} %`;
  const since = stepSince === undefined ? '' : ` since ${stepSince}`;
  return [
    `${service} ${version} in ${environment}: ${stage}${at}${since}`,
    '',
    '  step    requests/s  needs requests  bakes',
    ...steps.map(renderStep),
    ...(status.evidence === undefined ? [] : ['', ...renderEvidence(status.evidence, session)]),
    '',
    ...(blockers.length === 0 && status.unknown.length === 0 ? ['  nothing speaks against going on'] : []),
    ...blockers.map(({ rule, fix }) => `  not yet: ${rule}; ${fix}`),
    ...status.unknown.map((reason) => `  unknown: ${reason}`),
  ].join('\n');
}

function renderStep({ weightPercent, requestsPerSecond, requestsNeeded, bakeMinutes }: CanaryStep): string {
  const rate = Number(requestsPerSecond.toPrecision(3)).toString();
  return `  ${`${weightPercent} %`.padEnd(8)}${rate.padStart(10)}${String(requestsNeeded).padStart(16)}  ${bakeMinutes} min`;
}

function renderEvidence(evidence: Evidence, { service }: Session): string[] {
  return OBJECTIVES.map((objective) => {
    const { canary, stable } = evidence.step[objective];
    const budget = canaryTests(service).find((test) => test.objective === objective)?.slow.budget ?? 1;
    const share = ({ all, failed }: { readonly all: number; readonly failed: number }) =>
      `${Math.round(failed)} bad of ${Math.round(all)}${all > 0 ? ` (${Number((failed / all / budget).toPrecision(2))} times the budget)` : ''}`;
    return `  ${objective} in this step: ${share(canary)}; ${service.versions[0].name} ${share(stable)}`;
  });
}
