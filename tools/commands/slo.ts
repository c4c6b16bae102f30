/** What is promised, when its alerts fire, and how long that takes: as data, and as a table. */
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';
import { alertsOf, absenceMinutes } from '../../model/slo/alerts';
import { detect, type Detection } from '../../model/slo/detection';
import {
  journeySubjects,
  subjectsOf,
  urgencyOf,
  type Objective,
  type Subject,
} from '../../model/slo/subjects';
import {
  failedRequestsNeeded,
  falseAlarms,
  type Severity,
  type BurnRateAlert,
} from '../../model/slo/burn-rate-alerts';
import { describeMinutes, percent } from '../../model/slo/words';

/** Shares of bad requests that the table answers for: an outage, an incident, a leak. */
const FAILURE_RATIOS = [1, 0.1, 0.01] as const;

export interface SloTable {
  readonly subject: string;
  readonly owner: string;
  readonly requestsPerSecond: number;
  readonly slo: string;
  readonly burnRateAlerts: readonly BurnRateAlertFacts[];
  /** Alerts of the usual set that this promise does not have. */
  readonly dropped: readonly { readonly alert: string; readonly reason: string }[];
  /** After this time without a request somebody is told; nothing if requests are too rare to tell. */
  readonly absenceMinutes?: number;
}

export interface BurnRateAlertFacts extends Pick<
  BurnRateAlert,
  'longMinutes' | 'shortMinutes' | 'factor' | 'floorFailedRequests' | 'adjustment'
> {
  readonly severity: Severity;
  /** Name of the alert policy's address, after that of the service. */
  readonly alert: string;
  readonly failurePercent: number;
  readonly failedRequestsNeeded: number;
  /** Expected in one period, if nothing is wrong. */
  readonly falseAlarms: number;
  /** One for each share of bad requests; nothing if it never fires. */
  readonly detections: readonly { readonly failurePercent: number; readonly detection?: Detection }[];
}

/** Of one service with the edges it has watched, or of everything in the environment. */
export function sloTables(environment: Environment, service?: Service): SloTable[] {
  const services = service === undefined ? environment.services : [service];
  const journeys = journeySubjects(environment).filter(
    (journey) => service === undefined || journey.callees.some(({ name }) => name === service.name),
  );
  return [...services.flatMap((one) => subjectsOf(one, environment)), ...journeys].flatMap((subject) =>
    subject.objectives.map((objective) => tableOf(subject, objective)),
  );
}

function tableOf(subject: Subject, objective: Objective): SloTable {
  const alerts = alertsOf(subject);
  const absence = absenceMinutes(subject.requestsPerSecond);
  return {
    subject: subject.title,
    owner: subject.owner,
    requestsPerSecond: subject.requestsPerSecond,
    slo: objective.sentence,
    burnRateAlerts: objective.burnRateAlerts.map((burnRateAlert): BurnRateAlertFacts => {
      const severity = urgencyOf(subject, burnRateAlert.severity);
      const { longMinutes, shortMinutes, factor, floorFailedRequests, failureRatio, adjustment } =
        burnRateAlert;
      return {
        ...{ severity, longMinutes, shortMinutes, factor, floorFailedRequests },
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
    dropped: objective.dropped.map(({ severity, longMinutes, reason }) => ({
      alert: `${severity} over ${describeMinutes(longMinutes)}`,
      reason,
    })),
    ...(absence !== undefined && { absenceMinutes: absence }),
  };
}

const COLUMNS = [
  'alert',
  'over',
  'and',
  'factor',
  'bad above',
  'bad needed',
  ...FAILURE_RATIOS.map((ratio) => `at ${percent(ratio)} bad`),
];

/** Rows as they are printed, the header first: shared with the table in docs/slo.md. */
export function tableRows({ burnRateAlerts }: SloTable): string[][] {
  return [
    COLUMNS,
    ...burnRateAlerts.map((burnRateAlert) => [
      burnRateAlert.severity,
      describeMinutes(burnRateAlert.longMinutes),
      describeMinutes(burnRateAlert.shortMinutes),
      `${Number(burnRateAlert.factor.toPrecision(3))}`,
      `${burnRateAlert.failurePercent} %`,
      `${burnRateAlert.failedRequestsNeeded}`,
      ...burnRateAlert.detections.map(({ detection }) => describeDetection(detection)),
    ]),
  ];
}

/** What the rows cannot say. */
export function tableNotes(table: SloTable): string[] {
  return [
    ...table.burnRateAlerts.flatMap(({ adjustment, severity, longMinutes }) =>
      adjustment === undefined ? [] : [`${severity} over ${describeMinutes(longMinutes)}: ${adjustment}`],
    ),
    ...table.dropped.map(({ alert, reason }) => `no ${alert}: ${reason}`),
  ];
}

export function renderSlos(tables: readonly SloTable[]): string {
  return tables.map(renderTable).join('\n\n');
}

function renderTable(table: SloTable): string {
  const absence =
    table.absenceMinutes === undefined ? 'never' : `after ${describeMinutes(table.absenceMinutes)}`;
  return [
    `${table.subject}: ${table.slo}`,
    `  at ${table.requestsPerSecond} requests/s, for ${table.owner}; silence is told ${absence}`,
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

/** `8.06 min, 2 %`: how long it takes, and the budget spent by then. */
function describeDetection(detection: Detection | undefined): string {
  if (detection === undefined) return 'never';
  const { minutes, budgetSpent } = detection;
  const time =
    minutes < 120 ? `${Number(minutes.toPrecision(3))} min` : `${Number((minutes / 60).toPrecision(3))} h`;
  return `${time}, ${percent(budgetSpent)}`;
}
