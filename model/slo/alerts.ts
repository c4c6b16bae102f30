/** From promises to alert policies: who is told what, with which labels, and where the answer is written down. */
import { burnExpression, absenceExpression } from './expressions';
import { urgencyOf, type Objective, type SloSubject } from './subjects';
import type { AlertSeverity, BurnRateAlert } from './burn-rate-alerts';
import { formatMinutes, formatPercent } from '../quantity';

/** One alert policy of Cloud Monitoring. */
export interface Alert {
  /** Unique within its service: `availability-page`, `cart-latency-ticket`, `silence`. */
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly displayName: string;
  /** PromQL; true is fire. */
  readonly expression: string;
  /** A multiple of 30. */
  readonly evaluationSeconds: number;
  /** Lower case, digits, dashes: what Cloud Monitoring takes. */
  readonly labels: Readonly<Record<'service' | 'slo' | 'severity' | 'owner', string>>;
  /** Markdown. */
  readonly documentation: string;
  /** What the expression waits for; none in an alert on silence. */
  readonly burnRateAlerts: readonly BurnRateAlert[];
}

/** A slow burn looks days back, which need not be read every minute. */
const EVALUATION_SECONDS: Readonly<Record<AlertSeverity, number>> = { page: 60, ticket: 300 };

export function alertsOf(subject: SloSubject): readonly Alert[] {
  return [...subject.objectives.flatMap((objective) => burnAlerts(subject, objective)), ...absence(subject)];
}

/** One policy for each urgency: a policy has one condition and one list of people. */
function burnAlerts(subject: SloSubject, objective: Objective): Alert[] {
  const urgencies: readonly AlertSeverity[] = ['page', 'ticket'];
  return urgencies.flatMap((severity): Alert[] => {
    const burnRateAlerts = objective.burnRateAlerts.filter(
      (burnRateAlert) => urgencyOf(subject, burnRateAlert.severity) === severity,
    );
    if (burnRateAlerts.length === 0) return [];
    return [
      {
        name: `${objective.name}-${severity}`,
        severity,
        displayName: `${subject.title}: ${objective.indicator} budget burns (${severity})`,
        expression: burnExpression(subject.requests, objective, burnRateAlerts),
        evaluationSeconds: EVALUATION_SECONDS[severity],
        labels: labelsOf(subject, objective.name, severity),
        documentation: [
          `**${subject.title}** promises: ${objective.sentence}.`,
          'The promise is being broken so fast that one of these has come true:',
          burnRateAlerts.map(describeBurnRateAlert).join('\n'),
          footer(subject),
        ].join('\n\n'),
        burnRateAlerts,
      },
    ];
  });
}

function describeBurnRateAlert(burnRateAlert: BurnRateAlert): string {
  const { longMinutes, shortMinutes, failureRatio, floorFailedRequests, budgetShare } = burnRateAlert;
  return `- more than ${formatPercent(failureRatio)} bad over ${formatMinutes(longMinutes)} and still over ${formatMinutes(shortMinutes)}, at least ${floorFailedRequests} of them: ${formatPercent(budgetShare)} of the budget gone`;
}

/** At a tenth of its usual rate a subject is still as good as certain to be asked something in this time. */
export function absenceMinutes(requestsPerSecond: number): number | undefined {
  const minutes = (QUIET_REQUESTS * QUIET_PART) / (requestsPerSecond * 60);
  const rounded = Math.max(SHORTEST_ABSENCE, Math.ceil(minutes / 5) * 5);
  return rounded <= LONGEST_ABSENCE ? rounded : undefined;
}

/** Of 20 expected requests, none comes with a probability of 2 in a thousand million. */
const QUIET_REQUESTS = 20;
const QUIET_PART = 10;
const SHORTEST_ABSENCE = 10;
const LONGEST_ABSENCE = 1_440;

function absence(subject: SloSubject): Alert[] {
  const minutes = absenceMinutes(subject.requestsPerSecond);
  if (minutes === undefined) return [];
  const severity = urgencyOf(subject, 'page');
  const name = `${subject.prefix}absence`;
  return [
    {
      ...{ name, severity },
      displayName: `${subject.title}: no requests seen`,
      expression: absenceExpression(subject.requests, minutes),
      evaluationSeconds: 60,
      labels: labelsOf(subject, name, severity),
      documentation: [
        `**${subject.title}** was asked nothing for ${formatMinutes(minutes)}, at a declared rate of ${subject.requestsPerSecond} requests/s: either nobody reaches it, or it is not measured and its other alerts are blind.`,
        footer(subject),
      ].join('\n\n'),
      burnRateAlerts: [],
    },
  ];
}

function labelsOf(subject: SloSubject, slo: string, severity: AlertSeverity): Alert['labels'] {
  return { service: subject.service, slo, severity, owner: subject.owner };
}

function footer({ owner }: SloSubject): string {
  return `Owner: ${owner}.`;
}
