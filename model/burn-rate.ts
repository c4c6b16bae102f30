/** When an error budget burns fast enough to tell somebody. */

/** Whom an alert reaches: a person now, or the team's queue. */
export type Severity = 'page' | 'ticket';

interface BurnWindow {
  readonly severity: Severity;
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

/** An alert that waits for more bad requests than this tells of an outage, not of a burn. */
const LARGEST_USEFUL_BAD_RATIO = 0.5;

export interface BurnAlert extends BurnWindow {
  /** How many times faster than "just used up at the end of the period" the budget burns. */
  readonly factor: number;
  /** Share of bad requests above which the alert fires. */
  readonly badRatio: number;
}

/**
 * The fastest alert that can fire at this target. At 95 % the usual first one would wait for 67 % bad
 * requests, so the second takes its place.
 */
export function burnAlert(targetPercent: number, windowDays: number): BurnAlert {
  const alerts = BURN_WINDOWS.map((window) => {
    const factor = (window.budgetShare * windowDays * 1_440) / window.longMinutes;
    return { ...window, factor: round(factor), badRatio: round(factor * (1 - targetPercent / 100)) };
  });
  const useful = alerts.find((alert) => alert.badRatio <= LARGEST_USEFUL_BAD_RATIO);
  if (!useful) {
    throw new Error(
      `target ${targetPercent} % over ${windowDays} days: no burn-rate alert can fire, raise the target`,
    );
  }
  return useful;
}

/** Thresholds are read by people; floating-point noise is not. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
