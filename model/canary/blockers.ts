/** What blocks the next step of a release. */
import type { Service, Version } from '../service';
import type { Environment } from '../environment';
import type { Evidence } from './evidence';
import { fastAction, isCompared, slowAction } from './decision';
import { evidenceAgainstSlo, type Tally } from './sequential-test';
import { stepAt, stepSample, type CanaryStep } from './steps';
import { canaryTests, type CanaryTest, type ObjectiveName } from './tests';
import { canaryVersion, effectiveWeightCaps, releaseOf, type WeightCap } from './weight-cap';

export interface Blocker {
  /** With figures. */
  readonly reason: string;
  readonly fix: string;
}

/** By the time at this weight and, if known, by its requests. */
export function stepBlockers(
  service: Service,
  evidence: Evidence | undefined,
  nowSeconds: number,
): Blocker[] {
  const canary = canaryVersion(service);
  if (canary === undefined || service.canaryPolicy === undefined) return [];
  const step = stepAt(service, canary.weightPercent, service.canaryPolicy.bakeMinutes);
  const age = ageBlockers(service, step, nowSeconds);
  if (evidence === undefined) return age;
  return [
    ...age,
    ...shareBlockers(canary.weightPercent, evidence),
    ...lateBlockers(canary.weightPercent, evidence),
    ...canaryTests(service).flatMap((test) => [
      ...sampleBlockers(test, canary.weightPercent, evidence, step),
      ...burnBlockers(test, canary, evidence, service),
    ]),
  ];
}

/** During the promotion both versions run the new image, so a rollback would not help. */
export function promotionBlockers(service: Service, evidence: Evidence): Blocker[] {
  const canary = canaryVersion(service);
  if (canary === undefined) return [];
  const [stable] = service.versions;
  return [
    ...shareBlockers(canary.weightPercent, evidence),
    ...canaryTests(service).flatMap(({ objective, slow }) =>
      (['canary', 'stable'] as const).flatMap((side): Blocker[] => {
        const tally = evidence.step[objective][side];
        if (evidenceAgainstSlo(slow, tally) < slow.threshold) return [];
        const { name } = side === 'canary' ? canary : stable;
        return [
          {
            reason: `${burnOf(name, objective, tally, slow.budget)} in this step`,
            fix: `fix the cause first, or restore the former image of ${stable.name} in the release file`,
          },
        ];
      }),
    ),
  ];
}

/** A version that still receives requests is not removed: the plan with its weight of 0 may not be applied yet. */
export function trafficBlockers({ name }: Version, { recent }: Evidence): Blocker[] {
  const { all } = recent.availability.canary;
  return all === 0
    ? []
    : [
        {
          reason: `${name} received ${Math.ceil(all)} requests in the last minutes`,
          fix: 'apply the plan with its weight of 0, and wait until its metrics show no requests',
        },
      ];
}

export function weightCapBlockers(
  service: Service,
  { acknowledgedIncidents }: Pick<Environment, 'acknowledgedIncidents'>,
  weightCaps: readonly WeightCap[],
): Blocker[] {
  const canary = canaryVersion(service);
  if (canary === undefined) return [];
  const { host } = canary;
  return effectiveWeightCaps(weightCaps, { host, release: releaseOf(canary), acknowledgedIncidents }).map(
    ({ incident, action, maximumWeightPercent, time }) => ({
      reason: `a weight cap of ${maximumWeightPercent} % holds this release since ${time} (${action}, incident ${incident})`,
      fix:
        action === 'rollback'
          ? `run 'rollback' and start another image, or, if this version is not the cause, add '${incident}' to acknowledgedIncidents`
          : `investigate the incident, then add '${incident}' to acknowledgedIncidents`,
    }),
  );
}

const RESTART = "restart the step with 'pause --lift'";

export function pauseBlockers(reason: string | undefined): Blocker[] {
  return reason === undefined ? [] : [{ reason: `the release is paused: ${reason}`, fix: RESTART }];
}

function ageBlockers({ canaryRelease }: Service, step: CanaryStep, nowSeconds: number): Blocker[] {
  if (canaryRelease.stepSinceSeconds === 0)
    return [
      {
        reason: 'the release file does not state when this step began',
        fix: "set stepSince with 'pause --lift' or by hand",
      },
    ];
  const minutes = (nowSeconds - canaryRelease.stepSinceSeconds) / 60;
  if (minutes >= step.bakeMinutes) return [];
  return [
    {
      reason: `the step has baked for ${Math.max(0, Math.floor(minutes))} of ${step.bakeMinutes} min`,
      fix: `wait ${Math.ceil(step.bakeMinutes - minutes)} min`,
    },
  ];
}

/** Until the plan with the new weight is applied, the requests are those of the former one. */
function shareBlockers(weightPercent: number, { recent }: Evidence): Blocker[] {
  const { canary, stable } = recent.availability;
  const all = canary.all + stable.all;
  if (all === 0)
    return [{ reason: 'no requests in the last minutes', fix: 'check that metrics arrive, and wait' }];
  const share = canary.all / all;
  if (isAsCommitted(weightPercent, recent.availability)) return [];
  return [
    {
      reason: `the canary receives ${percent(share)} of the requests, not ${weightPercent} %`,
      fix: 'apply the plan with the committed weight, and check for a weight cap',
    },
  ];
}

/**
 * If a plan was applied late, part of the step had the former weight: its age and sample are not those of this weight,
 * even if the share is right by now. The usual delay of a pipeline is tolerated.
 */
function lateBlockers(weightPercent: number, { step, recent }: Evidence): Blocker[] {
  const { canary, stable } = step.availability;
  const all = canary.all + stable.all;
  if (all === 0 || !isAsCommitted(weightPercent, recent.availability)) return [];
  const share = canary.all / all;
  if (share >= (LEAST_STEP_SHARE * weightPercent) / 100 - 5 * spreadOf(weightPercent / 100, all)) return [];
  return [
    {
      reason: `the canary received ${percent(share)} of the requests since the step began, not ${weightPercent} %: the plan was applied later`,
      fix: `wait, or ${RESTART}`,
    },
  ];
}

/** Of the committed share, over the whole step. */
const LEAST_STEP_SHARE = 0.75;

/** Within random variation and the seconds that proxies need. */
function isAsCommitted(
  weightPercent: number,
  { canary, stable }: Evidence['recent']['availability'],
): boolean {
  const all = canary.all + stable.all;
  if (all === 0) return false;
  const committed = weightPercent / 100;
  // With 0.02 alone, a share of 1 % could be missing entirely.
  const tolerated = Math.min(0.02, committed / 2);
  return Math.abs(canary.all / all - committed) <= 5 * spreadOf(committed, all) + tolerated;
}

function spreadOf(share: number, requests: number): number {
  return Math.sqrt((share * (1 - share)) / requests);
}

export function stableBlockers(service: Service, { recent }: Evidence): Blocker[] {
  const [stable] = service.versions;
  return canaryTests(service).flatMap(({ objective, slow }) => {
    const tally = recent[objective].stable;
    if (evidenceAgainstSlo(slow, tally) < slow.threshold) return [];
    return [stableBlocker(stable, objective, tally, slow.budget)];
  });
}

function sampleBlockers(
  test: CanaryTest,
  weightPercent: number,
  { step: counts }: Evidence,
  step: CanaryStep,
): Blocker[] {
  const needed = stepSample(test, weightPercent);
  const { all } = counts[test.objective].canary;
  if (all >= needed) return [];
  const minutes = Math.ceil((needed - all) / step.requestsPerSecond / 60);
  return [
    {
      reason: `${Math.round(all)} requests since the step began; ${test.objective} needs ${needed}`,
      fix: `wait about ${minutes} min at the expected rate`,
    },
  ];
}

function burnBlockers(
  test: CanaryTest,
  canary: Version,
  { step, recent }: Evidence,
  { versions: [stable] }: Service,
): Blocker[] {
  const { objective, slow } = test;
  const compared = isCompared(canary.weightPercent);
  const action = fastAction(test, recent[objective], compared) ?? slowAction(test, step[objective], compared);
  const tallies = step[objective];
  const burn = `${burnOf(canary.name, objective, tallies.canary, slow.budget)} in this step`;
  if (action === 'rollback')
    return [{ reason: compared ? `${burn} and is worse than ${stable.name}` : burn, fix: "run 'rollback'" }];
  if (action === 'pause')
    return [
      {
        reason: `${burn}, ${stable.name} at ${multiple(tallies.stable, slow.budget)}: the cause is elsewhere`,
        fix: `wait until the cause is fixed, then ${RESTART}`,
      },
    ];
  return evidenceAgainstSlo(slow, tallies.stable) < slow.threshold
    ? []
    : [stableBlocker(stable, objective, tallies.stable, slow.budget)];
}

function stableBlocker({ name }: Version, objective: ObjectiveName, tally: Tally, budget: number): Blocker {
  return {
    reason: burnOf(name, objective, tally, budget),
    fix: `fix ${name} first: a release needs a stable version within its SLO`,
  };
}

function burnOf(version: string, objective: ObjectiveName, tally: Tally, budget: number): string {
  return `${version} burns its ${objective} error budget at ${multiple(tally, budget)}`;
}

function multiple({ all, failed }: Tally, budget: number): string {
  return all === 0 ? '0×' : `${Number((failed / all / budget).toPrecision(2))}×`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
