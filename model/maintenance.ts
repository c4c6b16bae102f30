/** Time that a cluster is open for maintenance: its weekly windows without its exclusions. */
import type { EnvironmentSpec } from './schema/environment-schema';

type Maintenance = EnvironmentSpec['cluster']['maintenance'];

interface Interval {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** GKE requires maintenance time in every period of this length. */
export const ROLLING_DAYS = 32;
const ROLLING = ROLLING_DAYS * DAY;
/** Days of `Date.getUTCDay`. */
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

/** Fewest hours of maintenance in a period of 32 days, with the exclusions that block all upgrades. */
export function fewestMaintenanceHours(maintenance: Maintenance): number {
  const exclusions = maintenance.exclusions
    .filter(({ scope }) => scope === 'no-upgrades')
    .map(({ start, end }): Interval => ({ start: Date.parse(start), end: Date.parse(end) }));
  // Windows repeat every week, so without exclusions any 39 days contain every kind of period.
  const first = Math.min(...exclusions.map(({ start }) => start), Date.UTC(2026, 0, 5) + ROLLING);
  const last = Math.max(...exclusions.map(({ end }) => end), first + 7 * DAY);
  const from = first - ROLLING;
  const open = windowsBetween(maintenance, from, last + ROLLING).flatMap((window) =>
    without(window, exclusions),
  );
  // The sum changes its slope only where a border of the period passes a border of an interval.
  const borders = open.flatMap(({ start, end }) => [start, end, start - ROLLING, end - ROLLING]);
  const starts = borders.filter((start) => start >= from && start <= last);
  return Math.min(...starts.map((start) => hoursWithin(open, { start, end: start + ROLLING })));
}

function windowsBetween({ startTimeUtc, durationHours, days }: Maintenance, from: number, to: number) {
  const [hours = 0, minutes = 0] = startTimeUtc.split(':').map(Number);
  const midnights = Array.from(
    { length: Math.ceil((to - from) / DAY) + 2 },
    (_, index) => Math.floor(from / DAY) * DAY + (index - 1) * DAY,
  );
  const windows = midnights
    .filter((midnight) => days.some((day) => day === WEEKDAYS[new Date(midnight).getUTCDay()]))
    .map((midnight): Interval => {
      const start = midnight + hours * HOUR + minutes * 60_000;
      return { start, end: start + durationHours * HOUR };
    });
  return windows;
}

/** What is left of the interval. */
function without(interval: Interval, excluded: readonly Interval[]): Interval[] {
  return excluded.reduce<Interval[]>(
    (parts, { start, end }) =>
      parts.flatMap((part) =>
        [
          { start: part.start, end: Math.min(part.end, start) },
          { start: Math.max(part.start, end), end: part.end },
        ].filter((rest) => rest.end > rest.start && (rest.end <= start || rest.start >= end)),
      ),
    [interval],
  );
}

function hoursWithin(intervals: readonly Interval[], period: Interval): number {
  return intervals.reduce(
    (sum, { start, end }) =>
      sum + Math.max(0, Math.min(end, period.end) - Math.max(start, period.start)) / HOUR,
    0,
  );
}
