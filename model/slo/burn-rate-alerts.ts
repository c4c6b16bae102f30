/** When an error budget burns fast enough to tell somebody: windows, factors and floors, all computed. */
import { poissonTerm } from '../poisson';
import { formatMinutes, formatPercent } from '../quantity';

/** Whom an alert reaches: a person now, or the team's queue. */
export type AlertSeverity = 'page' | 'ticket';

interface BurnWindow {
  readonly severity: AlertSeverity;
  /** Part of the budget that is gone when the alert fires. */
  readonly budgetShare: number;
  readonly longMinutes: number;
  /** Ends the alert soon after the fault ends. */
  readonly shortMinutes: number;
}

/** @see https://sre.google/workbook/alerting-on-slos/ (table 5-8) */
const BURN_WINDOWS: readonly BurnWindow[] = [
  { severity: 'page', budgetShare: 0.02, longMinutes: 60, shortMinutes: 5 },
  { severity: 'page', budgetShare: 0.05, longMinutes: 360, shortMinutes: 30 },
  { severity: 'ticket', budgetShare: 0.1, longMinutes: 4_320, shortMinutes: 360 },
];

/** An alert that waits for more bad requests than this is silent in most outages. */
export const LARGEST_USEFUL_BAD_RATIO = 0.5;

/** A slower burn wakes nobody, and is no ticket. The budget of a short period is small, which would make it one. */
const LEAST_FACTOR: Readonly<Record<AlertSeverity, number>> = { page: 3, ticket: 0.9 };

/** Burn of a service that nothing is wrong with. A ticket fires near 1, so its service must stay well below. */
const HEALTHY_BURN: Readonly<Record<AlertSeverity, number>> = { page: 1, ticket: 0.5 };

/** Accepted false alarms in one period of the budget, at any rate of requests. */
export const TOLERATED_FALSE_ALARMS: Readonly<Record<AlertSeverity, number>> = { page: 0.1, ticket: 1 };

const HIGHEST_FLOOR = 1_000;

/** What the alerts follow from. */
export interface ServiceLevel {
  /** @default 'availability' */
  readonly indicator?: 'availability' | 'latency';
  readonly targetPercent: number;
  readonly windowDays: number;
  readonly requestsPerSecond: number;
  /**
   * Bad requests below which no alert fires.
   *
   * @default - computed from the accepted false alarms
   */
  readonly floorFailedRequests?: number | undefined;
}

/** One alert of a promise: fires while both windows burn faster than the factor. */
export interface BurnRateAlert extends BurnWindow {
  /** How many times faster than "just used up at the end of the period" the budget burns. */
  readonly factor: number;
  /** Share of bad requests above which it fires. */
  readonly failureRatio: number;
  /** Fewest bad requests in the long window with which it fires. */
  readonly floorFailedRequests: number;
  /** Why it is not as the table says. */
  readonly adjustment?: string;
}

/** A tier that would never fire, or tell nothing that another has not told. */
export interface DroppedBurnRateAlert extends BurnWindow {
  readonly reason: string;
}

export interface BurnRateAlertPlan {
  readonly burnRateAlerts: readonly BurnRateAlert[];
  readonly dropped: readonly DroppedBurnRateAlert[];
}

export function planBurnRateAlerts(slo: ServiceLevel): BurnRateAlertPlan {
  const burnRateAlerts: BurnRateAlert[] = [];
  const dropped: DroppedBurnRateAlert[] = [];
  for (const window of BURN_WINDOWS) {
    const outcome = planBurnRateAlert(window, slo, burnRateAlerts);
    if ('reason' in outcome) dropped.push(outcome);
    else burnRateAlerts.push(outcome);
  }
  return { burnRateAlerts, dropped };
}

function planBurnRateAlert(
  window: BurnWindow,
  slo: ServiceLevel,
  before: readonly BurnRateAlert[],
): BurnRateAlert | DroppedBurnRateAlert {
  const budget = 1 - slo.targetPercent / 100;
  const wantedFactor = (window.budgetShare * slo.windowDays * 1_440) / window.longMinutes;
  const least = LEAST_FACTOR[window.severity];
  const most = LARGEST_USEFUL_BAD_RATIO / budget;
  const drop = (reason: string): DroppedBurnRateAlert => ({ ...window, reason });

  if (most < least) {
    return drop(
      `${formatPercent(wantedFactor * budget)} of the requests would have to be bad; ${formatPercent(LARGEST_USEFUL_BAD_RATIO)} burn the budget only ${Number(most.toPrecision(3))} times too fast`,
    );
  }
  const factor = Math.min(Math.max(wantedFactor, least), most);
  const failureRatio = round(factor * budget);
  const rival = before.find(
    (burnRateAlert) =>
      burnRateAlert.severity === window.severity && burnRateAlert.failureRatio <= failureRatio,
  );
  if (rival !== undefined)
    return drop(`fires no earlier than the one over ${formatMinutes(rival.longMinutes)}`);

  const floorFailedRequests = slo.floorFailedRequests ?? quietFloor(window, factor, slo.windowDays);
  const requests = requestsIn(window.longMinutes, slo);
  if (floorFailedRequests > requests * LARGEST_USEFUL_BAD_RATIO) {
    return drop(
      `${floorFailedRequests} of the ${round(requests)} requests in ${formatMinutes(window.longMinutes)} would have to be bad`,
    );
  }
  const answers = failureRatioWanted(floorFailedRequests, failureRatio);
  if (slo.indicator === 'latency' && answers > requests) {
    return drop(
      `slow answers are not counted, so ${answers} answers would have to be there for ${floorFailedRequests} slow ones, and ${formatMinutes(window.longMinutes)} bring ${round(requests)}`,
    );
  }
  const burnRateAlert: BurnRateAlert = {
    ...window,
    budgetShare: round((factor * window.longMinutes) / (slo.windowDays * 1_440)),
    factor: round(factor),
    failureRatio,
    floorFailedRequests,
  };
  if (factor < wantedFactor)
    return {
      ...burnRateAlert,
      adjustment: `instead of ${formatPercent(wantedFactor * budget)}, which few outages reach`,
    };
  if (factor > wantedFactor)
    return {
      ...burnRateAlert,
      adjustment: `instead of a factor of ${Number(wantedFactor.toPrecision(3))}, which is no reason to act`,
    };
  return burnRateAlert;
}

/** Slow answers cannot be counted, but of so many answers the share that fires is at least the floor. */
export function failureRatioWanted(floorFailedRequests: number, failureRatio: number): number {
  return Math.ceil(floorFailedRequests / failureRatio);
}

/** Below this target half of the requests failing is too slow a burn to wake anybody. In percent, rounded up. */
export function leastPagingTarget(): number {
  return Math.ceil((1 - LARGEST_USEFUL_BAD_RATIO / LEAST_FACTOR.page) * 1_000) / 10;
}

/** Bad requests in the long window with which the tier fires at the declared rate. */
export function failedRequestsNeeded(
  burnRateAlert: BurnRateAlert,
  slo: Pick<ServiceLevel, 'requestsPerSecond'>,
): number {
  const byRatio = Math.floor(burnRateAlert.failureRatio * requestsIn(burnRateAlert.longMinutes, slo)) + 1;
  return Math.max(burnRateAlert.floorFailedRequests, byRatio);
}

/** False alarms in one period at the declared rate, if nothing is wrong. */
export function falseAlarms(burnRateAlert: BurnRateAlert, slo: ServiceLevel): number {
  const budget = 1 - slo.targetPercent / 100;
  const mean = HEALTHY_BURN[burnRateAlert.severity] * budget * requestsIn(burnRateAlert.longMinutes, slo);
  return expectedFalseAlarms(
    failedRequestsNeeded(burnRateAlert, slo),
    mean,
    windowsIn(burnRateAlert, slo.windowDays),
  );
}

/**
 * The floor that keeps the promise of few false alarms at every rate. The worst rate is that at which the share
 * of bad requests first takes as many as the floor: below it healthy failures are rarer, above it the share
 * takes more of them.
 */
function quietFloor(window: BurnWindow, factor: number, windowDays: number): number {
  const windows = windowsIn(window, windowDays);
  for (let floor = 2; floor < HIGHEST_FLOOR; floor += 1) {
    const mean = (HEALTHY_BURN[window.severity] * floor) / factor;
    if (expectedFalseAlarms(floor, mean, windows) <= TOLERATED_FALSE_ALARMS[window.severity]) return floor;
  }
  return HIGHEST_FLOOR;
}

/**
 * Times that a healthy service is expected to have `count` failures within one window, over a period of many
 * windows. The alert begins whenever a failure arrives and finds `count - 1` others in the window before it.
 *
 * @param meanPerWindow failures of the healthy service in one window
 */
export function expectedFalseAlarms(count: number, meanPerWindow: number, windows: number): number {
  if (meanPerWindow <= 0) return 0;
  return windows * meanPerWindow * poissonTerm(meanPerWindow, count - 1);
}

function windowsIn({ longMinutes }: BurnWindow, windowDays: number): number {
  return (windowDays * 1_440) / longMinutes;
}

function requestsIn(minutes: number, { requestsPerSecond }: Pick<ServiceLevel, 'requestsPerSecond'>): number {
  return requestsPerSecond * 60 * minutes;
}

/** Thresholds are read by people; floating-point noise is not. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
