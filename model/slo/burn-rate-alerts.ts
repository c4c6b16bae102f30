/** Plans the burn-rate alerts of an SLO: windows, factors and minimum numbers of failed requests. */
import { poissonTerm } from '../poisson';
import { formatMinutes, formatPercent } from '../quantity';

/** `page` calls a person now, `ticket` goes to the team's queue. */
export type AlertSeverity = 'page' | 'ticket';

interface BurnWindow {
  readonly severity: AlertSeverity;
  /** Share of the error budget that is spent when the alert fires. */
  readonly budgetShare: number;
  readonly longMinutes: number;
  /** Resolves the alert soon after the failures stop. */
  readonly shortMinutes: number;
}

/**
 * The first short window is 10 min instead of 5: metrics have one sample a minute, which may be visible three minutes
 * late, so 5 min may have a single sample, of which no rate can be computed.
 *
 * @see https://sre.google/workbook/alerting-on-slos/ (table 5-8)
 */
const BURN_WINDOWS: readonly BurnWindow[] = [
  { severity: 'page', budgetShare: 0.02, longMinutes: 60, shortMinutes: 10 },
  { severity: 'page', budgetShare: 0.05, longMinutes: 360, shortMinutes: 30 },
  { severity: 'ticket', budgetShare: 0.1, longMinutes: 4_320, shortMinutes: 360 },
];

/** Most outages fail a smaller share of requests, so an alert must not need more. */
export const LARGEST_USEFUL_BAD_RATIO = 0.5;

/** Slowest burn that is worth an alert. With a short SLO period, the budget shares above would alert at less. */
const LEAST_FACTOR: Readonly<Record<AlertSeverity, number>> = { page: 3, ticket: 0.9 };

/** Burn rate of a healthy service. A ticket fires near 1, so a healthy service must stay well below. */
const HEALTHY_BURN: Readonly<Record<AlertSeverity, number>> = { page: 1, ticket: 0.5 };

/** Accepted false alarms in one SLO period, at any request rate. */
export const TOLERATED_FALSE_ALARMS: Readonly<Record<AlertSeverity, number>> = { page: 0.1, ticket: 1 };

const HIGHEST_FLOOR = 1_000;

/** Input of the alert plan. */
export interface ServiceLevel {
  /** @default 'availability' */
  readonly indicator?: 'availability' | 'latency';
  readonly targetPercent: number;
  readonly windowDays: number;
  readonly requestsPerSecond: number;
  /**
   * Number of failed or slow requests below which no alert fires.
   *
   * @default - computed from the accepted false alarms
   */
  readonly floorFailedRequests?: number | undefined;
}

/** One burn-rate alert: fires while the burn rate exceeds the factor in both windows. */
export interface BurnRateAlert extends BurnWindow {
  /** Burn rate threshold; 1 spends exactly the whole budget in the period. */
  readonly factor: number;
  /** Share of failed or slow requests above which it fires. */
  readonly failureRatio: number;
  /** Least number of failed or slow requests in the long window with which it fires. */
  readonly floorFailedRequests: number;
  /** Why it differs from the standard factor. */
  readonly adjustment?: string;
}

/** A burn-rate alert that could never fire, or never before another one. */
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
  const badEvents = slo.indicator === 'latency' ? 'slow requests' : 'failed requests';
  const drop = (reason: string): DroppedBurnRateAlert => ({ ...window, reason });

  if (most < least) {
    return drop(
      `it would need ${formatPercent(wantedFactor * budget)} ${badEvents}; ${formatPercent(LARGEST_USEFUL_BAD_RATIO)} is a burn rate of only ${Number(most.toPrecision(3))}`,
    );
  }
  const factor = Math.min(Math.max(wantedFactor, least), most);
  const failureRatio = round(factor * budget);
  const earlier = before.find(
    (burnRateAlert) =>
      burnRateAlert.severity === window.severity && burnRateAlert.failureRatio <= failureRatio,
  );
  if (earlier !== undefined)
    return drop(`never fires before the alert over ${formatMinutes(earlier.longMinutes)}`);

  const floorFailedRequests = slo.floorFailedRequests ?? smallestFloor(window, factor, slo.windowDays);
  const requests = requestsIn(window.longMinutes, slo);
  if (floorFailedRequests > requests * LARGEST_USEFUL_BAD_RATIO) {
    return drop(
      `it would need ${floorFailedRequests} ${badEvents} of the ${round(requests)} in ${formatMinutes(window.longMinutes)}`,
    );
  }
  const responses = responsesNeeded(floorFailedRequests, failureRatio);
  if (slo.indicator === 'latency' && responses > requests) {
    return drop(
      `slow responses have no counter, so it would need ${responses} responses for ${floorFailedRequests} slow ones, but only ${round(requests)} arrive in ${formatMinutes(window.longMinutes)}`,
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
      adjustment: `lowered from ${formatPercent(wantedFactor * budget)}, which few outages reach`,
    };
  if (factor > wantedFactor)
    return {
      ...burnRateAlert,
      adjustment: `raised from a burn rate of ${Number(wantedFactor.toPrecision(3))}, which needs no action`,
    };
  return burnRateAlert;
}

/**
 * Number of responses of which `failureRatio` is at least the floor. A latency alert requires it in place of the
 * floor, because no metric counts slow responses.
 */
export function responsesNeeded(floorFailedRequests: number, failureRatio: number): number {
  return Math.ceil(floorFailedRequests / failureRatio);
}

/** Lowest target, in percent, with which 50 % bad events burn fast enough for a page. Rounded up. */
export function leastPagingTarget(): number {
  return Math.ceil((1 - LARGEST_USEFUL_BAD_RATIO / LEAST_FACTOR.page) * 1_000) / 10;
}

/** Failed or slow requests in the long window with which the alert fires at the expected request rate. */
export function failedRequestsNeeded(
  burnRateAlert: BurnRateAlert,
  slo: Pick<ServiceLevel, 'requestsPerSecond'>,
): number {
  const byRatio = Math.floor(burnRateAlert.failureRatio * requestsIn(burnRateAlert.longMinutes, slo)) + 1;
  return Math.max(burnRateAlert.floorFailedRequests, byRatio);
}

/** Expected false alarms of a healthy service in one period, at the expected request rate. */
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
 * Smallest floor that keeps false alarms below the accepted number at every request rate. The worst rate is the one
 * at which the failure ratio first needs as many failures as the floor: at lower rates a healthy service fails
 * less often, at higher rates the ratio needs more failures.
 */
function smallestFloor(window: BurnWindow, factor: number, windowDays: number): number {
  const windows = windowsIn(window, windowDays);
  for (let floor = 2; floor < HIGHEST_FLOOR; floor += 1) {
    const mean = (HEALTHY_BURN[window.severity] * floor) / factor;
    if (expectedFalseAlarms(floor, mean, windows) <= TOLERATED_FALSE_ALARMS[window.severity]) return floor;
  }
  return HIGHEST_FLOOR;
}

/**
 * Expected number of times that a healthy service has `count` failures within one window, over a period of many
 * windows. An alarm starts whenever a failure follows `count - 1` others within the window.
 *
 * @param meanPerWindow expected failures of the healthy service in one window
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

/** Without floating-point noise: people read the thresholds. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
