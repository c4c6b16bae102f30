import type { Environment } from '../../environment';
import { formatPercent } from '../../quantity';
import { latencyReading, MOST_READING_ERROR } from '../../slo/latency-reading';
import type { Path } from '../../source/yaml-document';
import type { Rule, RuleViolation } from '../rule';

/**
 * Not a warning below the limit: 300 ms is measured 14.7 % stricter, and a warning that nobody can fix without changing
 * the SLO would only be ignored. `mesh slo`, the alerts and the dashboard state the error instead.
 */
export const latencyMeasuredNearThreshold: Rule = {
  id: 'SLO-004',
  title: 'Latency SLOs are measured near their thresholds',
  severity: 'error',
  rationale:
    'The latency histogram has counts at powers of two only, so a threshold far above one of them is measured much stricter than it is stated, and its alerts are false.',
  source: 'docs/decisions/0045-latency-counts-from-the-boundary-below.md',
  fix: 'use a power of two, or a threshold of at most 1.25 times one',
  check: (environment) =>
    thresholds(environment).flatMap(({ kind, name, slos, thresholdMs }): RuleViolation[] => {
      const { countedFromMs, certainFromMs, error } = latencyReading(thresholdMs);
      if (error <= MOST_READING_ERROR) return [];
      const most = Math.floor(countedFromMs / (1 - MOST_READING_ERROR));
      const near = most > countedFromMs ? `${countedFromMs} to ${most}` : `${countedFromMs}`;
      return [
        {
          kind,
          name,
          path: [...slos, 'latency', 'thresholdMs'],
          message: `${thresholdMs} ms would be measured at ${countedFromMs} ms, ${formatPercent(error)} stricter; the limit is ${formatPercent(MOST_READING_ERROR)}`,
          fix: `use ${near}${certainFromMs === undefined ? '' : `, or ${certainFromMs}`}`,
        },
      ];
    }),
};

interface Threshold {
  readonly kind: RuleViolation['kind'];
  readonly name: string;
  readonly slos: Path;
  readonly thresholdMs: number;
}

/** Watched calls have the thresholds of their callees. */
function thresholds({ services, journeys }: Environment): Threshold[] {
  return [
    ...services.map(({ name, slos }): Threshold => ({
      kind: 'service',
      name,
      slos: ['slos'],
      thresholdMs: slos.latency.thresholdMs,
    })),
    ...journeys.map(({ name, slos }): Threshold => ({
      kind: 'mesh',
      name: 'mesh',
      slos: ['journeys', name, 'slos'],
      thresholdMs: slos.latency.thresholdMs,
    })),
  ];
}
