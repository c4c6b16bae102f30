/** Alert policies of a subject: burn-rate alerts of its SLOs and a no-traffic alert. */
import { burnExpression, absenceExpression } from './expressions';
import { describeReading, latencyReading } from './latency-reading';
import { effectiveSeverity, type Objective, type SloSubject } from './subjects';
import type { AlertSeverity, BurnRateAlert } from './burn-rate-alerts';
import { formatMinutes, formatPercent } from '../quantity';

/** One alert policy of Cloud Monitoring. */
export interface Alert {
  /** Unique within its service: `availability-page`, `cart-latency-ticket`, `absence`. */
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly displayName: string;
  /** PromQL. The alert fires while it returns a series. */
  readonly expression: string;
  /** A multiple of 30, as Cloud Monitoring requires. */
  readonly evaluationSeconds: number;
  /** Values in lower case, digits and dashes, as Cloud Monitoring requires. */
  readonly labels: Readonly<Record<'service' | 'slo' | 'severity' | 'owner', string>>;
  /** Markdown. */
  readonly documentation: string;
  /** The conditions of the expression; empty for a no-traffic alert. */
  readonly burnRateAlerts: readonly BurnRateAlert[];
}

/** Tickets use windows of days, which need no evaluation every minute. */
const EVALUATION_SECONDS: Readonly<Record<AlertSeverity, number>> = { page: 60, ticket: 300 };

export function alertsOf(subject: SloSubject): readonly Alert[] {
  return [...subject.objectives.flatMap((objective) => burnAlerts(subject, objective)), ...absence(subject)];
}

/** One policy for each severity, since a policy has one PromQL condition and one list of channels. */
function burnAlerts(subject: SloSubject, objective: Objective): Alert[] {
  const severities: readonly AlertSeverity[] = ['page', 'ticket'];
  return severities.flatMap((severity): Alert[] => {
    const burnRateAlerts = objective.burnRateAlerts.filter(
      (burnRateAlert) => effectiveSeverity(subject, burnRateAlert.severity) === severity,
    );
    if (burnRateAlerts.length === 0) return [];
    return [
      {
        name: `${objective.name}-${severity}`,
        severity,
        displayName: `${subject.title}: ${objective.indicator} error budget burns too fast (${severity})`,
        expression: burnExpression(objective, burnRateAlerts),
        evaluationSeconds: EVALUATION_SECONDS[severity],
        labels: labelsOf(subject, objective.name, severity),
        documentation: [
          `**${subject.title}**: the ${objective.indicator} error budget burns too fast. ${burnRateAlerts.length === 1 ? 'This condition holds' : 'Any of these conditions holds'}:`,
          burnRateAlerts.map((burnRateAlert) => describeBurnRateAlert(objective, burnRateAlert)).join('\n'),
          [`SLO: ${objective.sentence}.`, ...readingOf(objective)].join(' '),
          context(subject),
        ].join('\n\n'),
        burnRateAlerts,
      },
    ];
  });
}

function describeBurnRateAlert({ thresholdMs }: Objective, burnRateAlert: BurnRateAlert): string {
  const { longMinutes, shortMinutes, failureRatio, floorFailedRequests, budgetShare } = burnRateAlert;
  const event =
    thresholdMs === undefined
      ? 'requests failed'
      : `responses took longer than ${latencyReading(thresholdMs).countedFromMs} ms`;
  return `- more than ${formatPercent(failureRatio)} of ${event} over the last ${formatMinutes(longMinutes)} and over the last ${formatMinutes(shortMinutes)}, at least ${floorFailedRequests} of them; ${formatPercent(budgetShare)} of the error budget is spent`;
}

/** How far the alert may be false, and where to see whether it is. */
function readingOf({ thresholdMs }: Objective): string[] {
  const reading = thresholdMs === undefined ? undefined : describeReading(thresholdMs);
  if (reading === undefined) return [];
  return [
    `${reading.charAt(0).toUpperCase()}${reading.slice(1)}.`,
    `The chart '${SLOW_RESPONSES_CHART}' of the SLO dashboard shows both shares.`,
  ];
}

/** Title of a chart in the SLO dashboard. */
export const SLOW_RESPONSES_CHART = 'Slow responses over 1 h';

/**
 * Time without a request after which the no-traffic alert fires: even at a tenth of the expected rate, a request
 * arrives within it almost certainly.
 *
 * @returns undefined if the rate is too low for a window of at most a day
 */
export function absenceMinutes(requestsPerSecond: number): number | undefined {
  const minutes = (EXPECTED_REQUESTS * LOW_TRAFFIC_FACTOR) / (requestsPerSecond * 60);
  const rounded = Math.max(SHORTEST_ABSENCE_MINUTES, Math.ceil(minutes / 5) * 5);
  return rounded <= LONGEST_ABSENCE_MINUTES ? rounded : undefined;
}

/** With 20 expected requests, the probability of none is 2e-9. */
const EXPECTED_REQUESTS = 20;
/** Traffic may drop to this fraction of the expected rate without an alert. */
const LOW_TRAFFIC_FACTOR = 10;
const SHORTEST_ABSENCE_MINUTES = 10;
const LONGEST_ABSENCE_MINUTES = 1_440;

function absence(subject: SloSubject): Alert[] {
  const minutes = absenceMinutes(subject.requestsPerSecond);
  if (minutes === undefined) return [];
  const severity = effectiveSeverity(subject, 'page');
  const name = `${subject.prefix}absence`;
  return [
    {
      name,
      severity,
      displayName: `${subject.title}: no requests`,
      expression: absenceExpression(subject.requests, minutes),
      evaluationSeconds: 60,
      labels: labelsOf(subject, name, severity),
      documentation: [
        `**${subject.title}**: no requests for ${formatMinutes(minutes)}, expected ${subject.requestsPerSecond} requests/s. It is unreachable, or its metrics are missing. Its other alerts cannot fire meanwhile.`,
        context(subject),
      ].join('\n\n'),
      burnRateAlerts: [],
    },
  ];
}

function labelsOf(subject: SloSubject, slo: string, severity: AlertSeverity): Alert['labels'] {
  return { service: subject.service, slo, severity, owner: subject.owner };
}

function context({ kind, callees, caller, owner }: SloSubject): string {
  const affected = {
    service: `all callers of ${callees[0].name}`,
    edge: `${caller?.name ?? ''}, when it calls ${callees[0].name}`,
    journey: 'external clients, as measured at the ingress gateway',
  }[kind];
  const hasCanary = callees.some(({ canaryPolicy }) => canaryPolicy !== undefined);
  return [
    `- Affected: ${affected}.`,
    `- Automatic action: none${hasCanary ? ', except that the canary alerts roll back a failing canary' : ''}.`,
    `- Owner: ${owner}.`,
  ].join('\n');
}
