/** What is promised, when its alerts fire, and how long that takes: as data, and as a table. */
import type { Environment } from '../../model/environment';
import type { Service } from '../../model/service';
import { alertsOf, silenceMinutes } from '../../model/slo/alerts';
import { detect, type Detection } from '../../model/slo/detection';
import {
  journeySubjects,
  subjectsOf,
  urgencyOf,
  type Objective,
  type Subject,
} from '../../model/slo/subjects';
import { badRequestsNeeded, falseAlarms, type Severity, type Tier } from '../../model/slo/tiers';
import { describeMinutes, percent } from '../../model/slo/words';

/** Shares of bad requests that the table answers for: an outage, an incident, a leak. */
const BAD_RATIOS = [1, 0.1, 0.01] as const;

export interface PromiseTable {
  readonly subject: string;
  readonly owner: string;
  readonly requestsPerSecond: number;
  readonly promise: string;
  readonly tiers: readonly TierFacts[];
  /** Alerts of the usual set that this promise does not have. */
  readonly dropped: readonly { readonly alert: string; readonly reason: string }[];
  /** After this time without a request somebody is told; nothing if requests are too rare to tell. */
  readonly silenceMinutes?: number;
}

export interface TierFacts extends Pick<
  Tier,
  'longMinutes' | 'shortMinutes' | 'factor' | 'floorBadRequests' | 'adjustment'
> {
  readonly severity: Severity;
  /** Name of the alert policy's address, after that of the service. */
  readonly alert: string;
  readonly badPercent: number;
  readonly badRequestsNeeded: number;
  /** Expected in one period, if nothing is wrong. */
  readonly falseAlarms: number;
  /** One for each share of bad requests; nothing if it never fires. */
  readonly detections: readonly { readonly badPercent: number; readonly detection?: Detection }[];
}

/** Of one service with the edges it has watched, or of everything in the environment. */
export function promiseTables(environment: Environment, service?: Service): PromiseTable[] {
  const services = service === undefined ? environment.services : [service];
  const journeys = journeySubjects(environment).filter(
    (journey) => service === undefined || journey.callees.some(({ name }) => name === service.name),
  );
  return [...services.flatMap((one) => subjectsOf(one, environment)), ...journeys].flatMap((subject) =>
    subject.objectives.map((objective) => tableOf(subject, objective)),
  );
}

function tableOf(subject: Subject, objective: Objective): PromiseTable {
  const alerts = alertsOf(subject);
  const silence = silenceMinutes(subject.requestsPerSecond);
  return {
    subject: subject.title,
    owner: subject.owner,
    requestsPerSecond: subject.requestsPerSecond,
    promise: objective.sentence,
    tiers: objective.tiers.map((tier): TierFacts => {
      const severity = urgencyOf(subject, tier.severity);
      const { longMinutes, shortMinutes, factor, floorBadRequests, badRatio, adjustment } = tier;
      return {
        ...{ severity, longMinutes, shortMinutes, factor, floorBadRequests },
        alert: alerts.find(({ tiers }) => tiers.includes(tier))?.name ?? '',
        badPercent: Number((badRatio * 100).toPrecision(3)),
        badRequestsNeeded: badRequestsNeeded(tier, objective),
        falseAlarms: Number(falseAlarms(tier, objective).toPrecision(2)),
        detections: BAD_RATIOS.map((ratio) => {
          const detection = detect(tier, objective, ratio);
          return { badPercent: ratio * 100, ...(detection && { detection }) };
        }),
        ...(adjustment !== undefined && { adjustment }),
      };
    }),
    dropped: objective.dropped.map(({ severity, longMinutes, reason }) => ({
      alert: `${severity} over ${describeMinutes(longMinutes)}`,
      reason,
    })),
    ...(silence !== undefined && { silenceMinutes: silence }),
  };
}

const COLUMNS = [
  'alert',
  'over',
  'and',
  'factor',
  'bad above',
  'bad needed',
  ...BAD_RATIOS.map((ratio) => `at ${percent(ratio)} bad`),
];

/** Rows as they are printed, the header first: shared with the table in docs/slo.md. */
export function tableRows({ tiers }: PromiseTable): string[][] {
  return [
    COLUMNS,
    ...tiers.map((tier) => [
      tier.severity,
      describeMinutes(tier.longMinutes),
      describeMinutes(tier.shortMinutes),
      `${Number(tier.factor.toPrecision(3))}`,
      `${tier.badPercent} %`,
      `${tier.badRequestsNeeded}`,
      ...tier.detections.map(({ detection }) => describeDetection(detection)),
    ]),
  ];
}

/** What the rows cannot say. */
export function tableNotes(table: PromiseTable): string[] {
  return [
    ...table.tiers.flatMap(({ adjustment, severity, longMinutes }) =>
      adjustment === undefined ? [] : [`${severity} over ${describeMinutes(longMinutes)}: ${adjustment}`],
    ),
    ...table.dropped.map(({ alert, reason }) => `no ${alert}: ${reason}`),
  ];
}

export function renderPromises(tables: readonly PromiseTable[]): string {
  return tables.map(renderTable).join('\n\n');
}

function renderTable(table: PromiseTable): string {
  const silence =
    table.silenceMinutes === undefined ? 'never' : `after ${describeMinutes(table.silenceMinutes)}`;
  return [
    `${table.subject}: ${table.promise}`,
    `  at ${table.requestsPerSecond} requests/s, for ${table.owner}; silence is told ${silence}`,
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
