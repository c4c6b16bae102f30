/** What a change of a release file may do: the steps of `mesh canary`, one at a time. */
import { RETURN_PERCENT, stageOf, type ReleaseEntry } from '../canary/stage';
import { STABLE_VERSION } from '../naming';
import {
  continuedCanary,
  startedCanary,
  type ContinuedCanary,
  type ReleaseTransition,
  type TransitionFinding,
  type TransitionRule,
} from './transition';

const SOURCE = 'docs/canary.md';
const WEIGHT = ['canary', 'weightPercent'];
const STEP_SINCE = ['canary', 'stepSince'];
const ADVANCE = "use 'mesh canary advance'";

/** Clocks of developers and pipelines differ by less. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

export const TRANSITION_RULES: readonly TransitionRule[] = [
  {
    id: 'REL-001',
    title: 'A canary starts without traffic',
    severity: 'error',
    rationale:
      'Traffic to pods that are not ready fails, and weight caps of an earlier release would still apply.',
    source: SOURCE,
    fix: "use 'mesh canary start'",
    check: (transition) => {
      const canary = startedCanary(transition);
      if (canary === undefined) return [];
      const { version, weightPercent, startedAt } = canary;
      const fix = "use 'mesh canary start'";
      return [
        ...(weightPercent === 0
          ? []
          : [{ path: WEIGHT, message: `${version} starts with ${weightPercent} % instead of 0 %`, fix }]),
        ...(startedAt === undefined || startedAt === transition.before?.canary?.startedAt
          ? [{ path: ['canary', 'startedAt'], message: `${version} starts without a new startedAt`, fix }]
          : []),
      ];
    },
  },
  {
    id: 'REL-002',
    title: 'Weights of a canary change step by step',
    severity: 'error',
    rationale: 'A skipped step exposes more requests than the evidence of the earlier steps covers.',
    source: SOURCE,
    fix: "use 'mesh canary advance', 'rollback' or 'finish'",
    check: (transition) => {
      const canary = continuedCanary(transition);
      if (canary === undefined || canary.was.weightPercent === canary.is.weightPercent) return [];
      return weightFindings(transition, canary);
    },
  },
  {
    id: 'REL-003',
    title: 'Every canary step has its own stepSince',
    severity: 'error',
    rationale:
      'The slow detectors count from stepSince: with an old one, requests at another weight decide the step.',
    source: SOURCE,
    fix: "use 'mesh canary', which sets stepSince together with the weight",
    check: stepSinceFindings,
  },
  {
    id: 'REL-004',
    title: 'A canary ends by rollback or promotion',
    severity: 'error',
    rationale:
      'Pods removed while they receive traffic fail requests, and a release that was rolled back must not return.',
    source: SOURCE,
    fix: "use 'mesh canary rollback', then 'finish'",
    check: endFindings,
  },
  {
    id: 'REL-005',
    title: 'The stable image stays during a canary',
    severity: 'error',
    rationale: 'The detectors compare the canary with the stable version, and a rollback returns to it.',
    source: SOURCE,
    fix: 'end the canary first',
    check: ({ before, after }) => {
      const [was, is] = [before?.images[STABLE_VERSION], after?.images[STABLE_VERSION]];
      const canary = before?.canary;
      if (before === undefined || canary === undefined || after?.canary === undefined || was === is)
        return [];
      const stage = stageOf(before);
      // Neither has traffic at the canary.
      if (stage === 'rolled-back' || stage === 'waiting') return [];
      // Decision 23: the former image is the way back during a promotion.
      if (stage === 'promoting' || stage === 'promoted') return [];
      const promoted = is !== undefined && is === before.images[canary.version];
      if (promoted && stage === 'complete' && canary.pausedBecause === undefined) return [];
      const message = promoted
        ? `${STABLE_VERSION} gets the image of ${canary.version}, which has ${
            canary.pausedBecause === undefined ? `${canary.weightPercent} %, not 100 %` : 'been paused'
          }`
        : `${STABLE_VERSION} gets another image while ${canary.version} receives ${canary.weightPercent} %`;
      const fix = promoted
        ? "use 'mesh canary finish' after the last step"
        : "end the canary first with 'mesh canary rollback' and 'finish'";
      return [{ path: ['images', STABLE_VERSION], message, fix }];
    },
  },
];

function weightFindings(transition: ReleaseTransition, { was, is }: ContinuedCanary): TransitionFinding[] {
  const { before, after, stepsPercent } = transition;
  const [from, to] = [was.weightPercent, is.weightPercent];
  const finding = (message: string, fix: string): TransitionFinding[] => [{ path: WEIGHT, message, fix }];
  if (isReturning(before)) {
    const expected = from > RETURN_PERCENT ? RETURN_PERCENT : 0;
    return to === expected || to > from
      ? []
      : finding(
          `the promotion returns ${from} % → ${to} %, but the next step is ${expected} %`,
          "use 'mesh canary finish'",
        );
  }
  if (was.rolledBackAt !== undefined)
    return finding(
      `${to} % for a release that was rolled back`,
      "use 'mesh canary start' with another image",
    );
  if (to === 0) {
    return is.rolledBackAt === undefined && !isReturning(after)
      ? finding(`${from} % → 0 % without rolledBackAt`, "use 'mesh canary rollback'")
      : [];
  }
  const steps = stepsPercent.join(', ');
  if (!stepsPercent.includes(to)) return finding(`${to} % is no step of the canary (${steps})`, ADVANCE);
  if (to < from) return [];
  const next = stepsPercent.find((step) => step > from);
  if (was.pausedBecause !== undefined || is.pausedBecause !== undefined)
    return finding(`${from} % → ${to} % while the release is paused`, "use 'mesh canary pause --lift' first");
  return to === next ? [] : finding(`${from} % → ${to} % skips ${next} % (steps ${steps})`, ADVANCE);
}

function stepSinceFindings(transition: ReleaseTransition): TransitionFinding[] {
  const { before, after, now } = transition;
  const is = after?.canary;
  const was = continuedCanary(transition)?.was;
  if (is === undefined || (was !== undefined && sameStep(was, is))) return [];
  const since = timeOf(is.stepSince);
  const former = timeOf(before?.canary?.stepSince);
  const finding = (message: string, fix = "use 'mesh canary', which sets it"): TransitionFinding[] => [
    { path: STEP_SINCE, message, fix },
  ];
  if (since === undefined) return finding('the step has no stepSince');
  if (since > now.getTime() + CLOCK_TOLERANCE_MS) return finding(`${is.stepSince} is in the future`);
  if (former === undefined || was === undefined) return [];
  if (since < former || (since === former && was.weightPercent !== is.weightPercent))
    return finding(`${is.stepSince} is not after ${was.stepSince}, the start of the former step`);
  const isAdvanced = is.weightPercent > was.weightPercent && was.weightPercent > 0 && !isReturning(before);
  if (!isAdvanced) return [];
  const bake = transition.bakeMinutesAt(was.weightPercent);
  const minutes = Math.floor((since - former) / 60_000);
  return minutes >= bake
    ? []
    : finding(
        `the step at ${was.weightPercent} % lasted ${minutes} min, but needs ${bake} min`,
        `wait, then ${ADVANCE}`,
      );
}

function sameStep(was: ContinuedCanary['was'], is: ContinuedCanary['is']): boolean {
  return was.weightPercent === is.weightPercent && was.stepSince === is.stepSince;
}

function endFindings(transition: ReleaseTransition): TransitionFinding[] {
  const { before, after } = transition;
  const was = before?.canary;
  if (before === undefined || was === undefined) return [];
  if (after?.canary === undefined) {
    return was.weightPercent === 0
      ? []
      : [
          {
            path: ['canary'],
            message: `${was.version} is removed while it receives ${was.weightPercent} %`,
            fix: isReturning(before)
              ? "use 'mesh canary finish' until its weight is 0"
              : "use 'mesh canary rollback', apply the plan, then 'finish'",
          },
        ];
  }
  const canary = continuedCanary(transition);
  if (canary === undefined) {
    return was.weightPercent === 0 || stageOf(before) === 'rolled-back'
      ? []
      : [
          {
            path: ['images', was.version],
            message: `${was.version} gets another image while it receives ${was.weightPercent} %`,
            fix: "use 'mesh canary rollback', then 'start' with the new image",
          },
        ];
  }
  const { is } = canary;
  return [
    ...(was.rolledBackAt !== undefined && is.rolledBackAt !== was.rolledBackAt
      ? [
          {
            path: ['canary', 'rolledBackAt'],
            message: `the release was rolled back at ${was.rolledBackAt} and cannot continue`,
            fix: "use 'mesh canary start' with another image",
          },
        ]
      : []),
    ...(was.startedAt !== is.startedAt
      ? [
          {
            path: ['canary', 'startedAt'],
            message: `startedAt changes from ${was.startedAt ?? 'none'} to ${is.startedAt ?? 'none'} within a release, so its incidents would be ignored`,
            fix: `restore ${was.startedAt ?? 'the former entry'}`,
          },
        ]
      : []),
  ];
}

/** The stable version has the canary's image, and traffic returns to it. */
function isReturning(entry: ReleaseEntry | undefined): boolean {
  const stage = entry === undefined ? 'none' : stageOf(entry);
  return stage === 'promoting' || stage === 'promoted';
}

function timeOf(instant: string | undefined): number | undefined {
  return instant === undefined ? undefined : Date.parse(instant);
}
