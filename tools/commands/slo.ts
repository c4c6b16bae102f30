/** SLOs, their burn-rate alerts and the time to detect an outage, as data and as a table. */
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';
import { alertsOf, absenceMinutes } from '../../model/slo/alerts';
import { alertLoad } from '../../model/slo/alert-load';
import { detect, type Detection } from '../../model/slo/detection';
import {
  journeySubjects,
  subjectsOf,
  effectiveSeverity,
  type Objective,
  type SloSubject,
} from '../../model/slo/subjects';
import {
  failedRequestsNeeded,
  falseAlarms,
  type AlertSeverity,
  type BurnRateAlert,
} from '../../model/slo/burn-rate-alerts';
import { describeReading, latencyReading, type LatencyReading } from '../../model/slo/latency-reading';
import { formatMinutes, formatPercent } from '../../model/quantity';

/** Bad-event ratios for which the time to detect is shown: an outage, an incident, a slow burn. */
const FAILURE_RATIOS = [1, 0.1, 0.01] as const;

export interface SloTable {
  readonly subject: string;
  readonly owner: string;
  readonly requestsPerSecond: number;
  readonly slo: string;
  /** Of a latency SLO: what the histogram can tell at its threshold. */
  readonly reading?: LatencyReadingFacts;
  readonly burnRateAlerts: readonly BurnRateAlertFacts[];
  /** Alerts of the usual set that this SLO does not have. */
  readonly omitted: readonly { readonly alert: string; readonly reason: string }[];
  /** Delay of the no-traffic alert; absent if traffic is too low to have one. */
  readonly absenceMinutes?: number;
}

export interface LatencyReadingFacts extends LatencyReading {
  readonly thresholdMs: number;
  /** Absent if nothing is misread. */
  readonly note?: string;
}

export interface BurnRateAlertFacts extends Pick<
  BurnRateAlert,
  'longMinutes' | 'shortMinutes' | 'factor' | 'floorFailedRequests' | 'adjustment'
> {
  readonly severity: AlertSeverity;
  /** Address of the alert policy without the prefix of the service. */
  readonly alert: string;
  readonly failurePercent: number;
  readonly failedRequestsNeeded: number;
  /** Expected false alarms in one SLO period. */
  readonly falseAlarms: number;
  /** One for each of {@link FAILURE_RATIOS}; without a detection if the alert never fires. */
  readonly detections: readonly { readonly failurePercent: number; readonly detection?: Detection }[];
}

/** SLOs of one service, its watched edges and journeys; without a service, of the whole environment. */
export function sloTables(environment: Environment, service?: Service): SloTable[] {
  const services = service === undefined ? environment.services : [service];
  const journeys = journeySubjects(environment).filter(
    (journey) => service === undefined || journey.callees.some(({ name }) => name === service.name),
  );
  return [...services.flatMap((one) => subjectsOf(one, environment)), ...journeys].flatMap((subject) =>
    subject.objectives.map((objective) => tableOf(subject, objective)),
  );
}

function tableOf(subject: SloSubject, objective: Objective): SloTable {
  const alerts = alertsOf(subject);
  const absence = absenceMinutes(subject.requestsPerSecond);
  return {
    subject: subject.title,
    owner: subject.owner,
    requestsPerSecond: subject.requestsPerSecond,
    slo: objective.sentence,
    ...(objective.thresholdMs !== undefined && { reading: readingOf(objective.thresholdMs) }),
    burnRateAlerts: objective.burnRateAlerts.map((burnRateAlert): BurnRateAlertFacts => {
      const severity = effectiveSeverity(subject, burnRateAlert.severity);
      const { longMinutes, shortMinutes, factor, floorFailedRequests, failureRatio, adjustment } =
        burnRateAlert;
      return {
        severity,
        longMinutes,
        shortMinutes,
        factor,
        floorFailedRequests,
        alert: alerts.find(({ burnRateAlerts }) => burnRateAlerts.includes(burnRateAlert))?.name ?? '',
        failurePercent: Number((failureRatio * 100).toPrecision(3)),
        failedRequestsNeeded: failedRequestsNeeded(burnRateAlert, objective),
        falseAlarms: Number(falseAlarms(burnRateAlert, objective).toPrecision(2)),
        detections: FAILURE_RATIOS.map((ratio) => {
          const detection = detect(burnRateAlert, objective, ratio);
          return { failurePercent: ratio * 100, ...(detection && { detection }) };
        }),
        ...(adjustment !== undefined && { adjustment }),
      };
    }),
    omitted: objective.dropped.map(({ severity, longMinutes, reason }) => ({
      alert: `${severity} over ${formatMinutes(longMinutes)}`,
      reason,
    })),
    ...(absence !== undefined && { absenceMinutes: absence }),
  };
}

function readingOf(thresholdMs: number): LatencyReadingFacts {
  const note = describeReading(thresholdMs);
  return { thresholdMs, ...latencyReading(thresholdMs), ...(note !== undefined && { note }) };
}

const COLUMNS = [
  'alert',
  'long window',
  'short window',
  'burn rate',
  'threshold',
  'bad events needed',
  ...FAILURE_RATIOS.map((ratio) => `at ${formatPercent(ratio)} bad events`),
];

/** Rows with the header first; docs/slo.md has the same table. */
export function tableRows({ burnRateAlerts }: SloTable): string[][] {
  return [
    COLUMNS,
    ...burnRateAlerts.map((burnRateAlert) => [
      burnRateAlert.severity,
      formatMinutes(burnRateAlert.longMinutes),
      formatMinutes(burnRateAlert.shortMinutes),
      `${Number(burnRateAlert.factor.toPrecision(3))}`,
      `${burnRateAlert.failurePercent} %`,
      `${burnRateAlert.failedRequestsNeeded}`,
      ...burnRateAlert.detections.map(({ detection }) => describeDetection(detection)),
    ]),
  ];
}

/** The reading error of latencies, adjusted and omitted alerts. */
export function tableNotes(table: SloTable): string[] {
  return [
    ...(table.reading?.note === undefined ? [] : [table.reading.note]),
    ...table.burnRateAlerts.flatMap(({ adjustment, severity, longMinutes }) =>
      adjustment === undefined ? [] : [`${severity} over ${formatMinutes(longMinutes)}: ${adjustment}`],
    ),
    ...table.omitted.map(({ alert, reason }) => `no ${alert}: ${reason}`),
  ];
}

/** Of all alerts of the environment, for the last line of the text. */
export function renderAlertLoad(environment: Environment): string {
  const { policies, evaluationsPerMinute, queriesPerMinute, subqueryStepsPerMinute } = alertLoad(environment);
  return `${policies} alert policies of SLOs and running canaries: ${evaluationsPerMinute} evaluations a minute with ${queriesPerMinute} queries, which return a point each, and ${subqueryStepsPerMinute} steps of subqueries`;
}

export function renderSlos(tables: readonly SloTable[]): string {
  return tables.map(renderTable).join('\n\n');
}

function renderTable(table: SloTable): string {
  const absence =
    table.absenceMinutes === undefined ? 'none' : `after ${formatMinutes(table.absenceMinutes)}`;
  return [
    `${table.subject}: ${table.slo}`,
    `  at ${table.requestsPerSecond} requests/s, owner ${table.owner}; no-traffic alert: ${absence}`,
    ...aligned(tableRows(table)).map((line) => `  ${line}`),
    ...tableNotes(table).map((note) => `  ${note}`),
  ].join('\n');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** `8.06 min, 2 %`: time to detect, and the error budget spent by then. */
function describeDetection(detection: Detection | undefined): string {
  if (detection === undefined) return 'never';
  const { minutes, budgetSpent } = detection;
  const time =
    minutes < 120 ? `${Number(minutes.toPrecision(3))} min` : `${Number((minutes / 60).toPrecision(3))} h`;
  return `${time}, ${formatPercent(budgetSpent)}`;
}
