/** Why a release must not go on: every reason at once, with its figures and what to do. */
import type { Service, Version } from '../service';
import { canaryVersion, type WeightCap } from './weight-cap';
import type { Evidence } from './evidence';
import { fastVerdict, isCompared, slowVerdict } from './judgement';
import { evidenceAgainstSlo } from './sequential-test';
import { stepAt, stepSample, type CanaryStep } from './steps';
import { canaryTests, type CanaryTest } from './tests';

export interface Blocker {
  /** What is the case, with its figures. */
  readonly rule: string;
  readonly fix: string;
}

/** Time at this weight and, where it is known, what its requests have shown. */
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
      ...burnBlockers(test, canary.weightPercent, evidence, service),
    ]),
  ];
}

/**
 * Both versions run the new image by now, so there is nothing to roll back to: what burns is mended, or v1 gets its
 * former image again. Traffic must be where the file says.
 */
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
            rule: `${objective} of ${name} burns ${times(tally, slow.budget)} times its budget in this step`,
            fix: `mend it first, or give ${stable.name} its former image in the release file`,
          },
        ];
      }),
    ),
  ];
}

/** A version that still gets requests is not taken away: the plan with its weight of 0 may not be applied yet. */
export function trafficBlockers({ name }: Version, { recent }: Evidence): Blocker[] {
  const { all } = recent.availability.canary;
  return all === 0
    ? []
    : [
        {
          rule: `${name} got ${Math.ceil(all)} requests in the last minutes`,
          fix: 'apply the plan with its weight of 0, and wait until its metrics say so',
        },
      ];
}

export function weightCapBlockers(holding: readonly WeightCap[]): Blocker[] {
  return holding.map(({ incident, action, maximumWeightPercent, time }) => ({
    rule: `the guard holds this release at ${maximumWeightPercent} % since ${time} (${action}, incident ${incident})`,
    fix:
      action === 'rollback'
        ? `give the release up by 'rollback' and start another image, or, if it was not to blame, add '${incident}' to acknowledgedIncidents`
        : `look into the incident, then add '${incident}' to acknowledgedIncidents`,
  }));
}

export function pauseBlockers(reason: string | undefined): Blocker[] {
  return reason === undefined
    ? []
    : [{ rule: `the release is paused: ${reason}`, fix: "begin the step again by 'pause --lift'" }];
}

function ageBlockers({ canaryRelease }: Service, step: CanaryStep, nowSeconds: number): Blocker[] {
  if (canaryRelease.stepSinceSeconds === 0)
    return [
      {
        rule: 'the release does not say since when it has this weight',
        fix: "give it a stepSince by 'start' or by hand, so that its requests can be counted",
      },
    ];
  const minutes = (nowSeconds - canaryRelease.stepSinceSeconds) / 60;
  if (minutes >= step.bakeMinutes) return [];
  return [
    {
      rule: `the step is ${Math.max(0, Math.floor(minutes))} min old and bakes for ${step.bakeMinutes} min`,
      fix: `wait ${Math.ceil(step.bakeMinutes - minutes)} min`,
    },
  ];
}

/** Until the plan with the new weight is applied, the requests are those of the former one. */
function shareBlockers(weightPercent: number, { recent }: Evidence): Blocker[] {
  const { canary, stable } = recent.availability;
  const all = canary.all + stable.all;
  if (all === 0)
    return [{ rule: 'nobody has sent a request lately', fix: 'see that the metrics arrive, and wait' }];
  const share = canary.all / all;
  if (isAsCommitted(weightPercent, recent.availability)) return [];
  return [
    {
      rule: `the canary gets ${percent(share)} of the requests, not ${weightPercent} %`,
      fix: 'apply the plan with the committed weight, and see whether a ceiling holds it',
    },
  ];
}

/**
 * A plan that was applied late leaves the step with requests of the former weight: its age and its sample are then not
 * those of this weight, however right the share is by now. The usual delay of a pipeline is let pass, and the longer
 * the step lasts the less it matters.
 */
function lateBlockers(weightPercent: number, { step, recent }: Evidence): Blocker[] {
  const { canary, stable } = step.availability;
  const all = canary.all + stable.all;
  if (all === 0 || !isAsCommitted(weightPercent, recent.availability)) return [];
  const share = canary.all / all;
  if (share >= (LEAST_OF_THE_STEP * weightPercent) / 100 - 5 * spreadOf(weightPercent / 100, all)) return [];
  return [
    {
      rule: `the canary got ${percent(share)} of the requests since the step began, not ${weightPercent} %: the plan was applied later`,
      fix: "wait, or begin the step again by 'pause --lift'",
    },
  ];
}

/** Part of the committed share that the whole step must have had. */
const LEAST_OF_THE_STEP = 0.75;

/** But for chance, and for the seconds that proxies take. */
function isAsCommitted(
  weightPercent: number,
  { canary, stable }: Evidence['recent']['availability'],
): boolean {
  const all = canary.all + stable.all;
  if (all === 0) return false;
  const committed = weightPercent / 100;
  // A small share that is missing altogether would be within two hundredths.
  const tolerated = Math.min(0.02, committed / 2);
  return Math.abs(canary.all / all - committed) <= 5 * spreadOf(committed, all) + tolerated;
}

function spreadOf(share: number, requests: number): number {
  return Math.sqrt((share * (1 - share)) / requests);
}

/** Before the first weight: a service in trouble takes no release. */
export function stableBlockers(service: Service, { recent }: Evidence): Blocker[] {
  const [stable] = service.versions;
  return canaryTests(service).flatMap(({ objective, slow }) => {
    const tally = recent[objective].stable;
    if (evidenceAgainstSlo(slow, tally) < slow.threshold) return [];
    return [
      {
        rule: `${objective} of ${stable.name} burns ${times(tally, slow.budget)} times its budget`,
        fix: 'mend it first: a service in trouble takes no release',
      },
    ];
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
      rule: `${Math.round(all)} requests since the step began, where ${test.objective} needs ${needed}`,
      fix: `wait about ${minutes} min at the declared rate`,
    },
  ];
}

function burnBlockers(
  test: CanaryTest,
  weightPercent: number,
  { step, recent }: Evidence,
  { versions: [stable] }: Service,
): Blocker[] {
  const { objective, slow } = test;
  const compared = isCompared(weightPercent);
  const verdict =
    fastVerdict(test, recent[objective], compared) ?? slowVerdict(test, step[objective], compared);
  const { canary, stable: beside } = step[objective];
  const burn = `${objective} burns ${times(canary, slow.budget)} times its budget in this step`;
  if (verdict === 'rollback')
    return [{ rule: `${burn}, and the canary is the cause`, fix: "give the release up by 'rollback'" }];
  if (verdict === 'pause')
    return [
      {
        rule: `${burn}, and ${stable.name} ${times(beside, slow.budget)} times: the cause is elsewhere`,
        fix: "wait until it is mended, then begin the step again by 'pause --lift'",
      },
    ];
  if (evidenceAgainstSlo(slow, beside) >= slow.threshold)
    return [
      {
        rule: `${objective} of ${stable.name} burns ${times(beside, slow.budget)} times its budget`,
        fix: 'mend it first: a service in trouble takes no release',
      },
    ];
  return [];
}

function times({ all, failed }: { readonly all: number; readonly failed: number }, budget: number): string {
  return all === 0 ? '0' : Number((failed / all / budget).toPrecision(2)).toString();
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
