import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { MonitoringCustomService } from '@cdktf/provider-google/lib/monitoring-custom-service';
import { MonitoringSlo, type MonitoringSloRequestBasedSli } from '@cdktf/provider-google/lib/monitoring-slo';
import type { Construct } from 'constructs';
import type { Environment } from '../model/environment';
import { alertsOf, type Alert } from '../model/slo/alerts';
import { latencyReading } from '../model/slo/latency-reading';
import { monitoringFilter } from '../model/slo/requests';
import { journeySubjects, monitoredServiceId, type Objective, type SloSubject } from '../model/slo/subjects';
import { alertRule, alertDocumentation, channelsOf, type AlertChannels } from './alerting';

/** SLOs and alerts of each user journey. */
export function addJourneys(scope: Construct, environment: Environment, channels: AlertChannels): void {
  for (const subject of journeySubjects(environment)) {
    const id = monitoredServiceId(subject);
    const monitored = new MonitoringCustomService(scope, `${id}-service`, {
      serviceId: id,
      displayName: subject.title,
    });
    addObjectives(scope, subject, monitored.serviceId, channels);
  }
}

/** SLOs of a subject in Cloud Monitoring, and its alert policies. */
export function addObjectives(
  scope: Construct,
  subject: SloSubject,
  serviceId: string,
  channels: AlertChannels,
): void {
  for (const objective of subject.objectives) {
    new MonitoringSlo(scope, `${objective.name}-objective`, {
      service: serviceId,
      sloId: objective.name,
      displayName: displayNameOf(subject, objective),
      goal: Number((objective.targetPercent / 100).toPrecision(6)),
      rollingPeriodDays: objective.windowDays,
      requestBasedSli: renderSli(objective),
    });
  }
  for (const alert of alertsOf(subject)) addAlert(scope, alert, channels);
}

/** Names the boundary that is measured, if it is not the threshold. */
function displayNameOf({ kind, title }: SloSubject, { sentence, thresholdMs }: Objective): string {
  const { countedFromMs = thresholdMs } = thresholdMs === undefined ? {} : latencyReading(thresholdMs);
  const measured = countedFromMs === thresholdMs ? '' : `, measured at ${countedFromMs} ms`;
  return `${kind === 'edge' ? `${title}: ` : ''}${sentence}${measured}`;
}

/** Counts the same requests as the alerts. */
function renderSli({ requests, thresholdMs }: Objective): MonitoringSloRequestBasedSli {
  if (thresholdMs === undefined) {
    return {
      goodTotalRatio: {
        goodServiceFilter: monitoringFilter('request_count', requests, 'successful'),
        totalServiceFilter: monitoringFilter('request_count', requests, 'total'),
      },
    };
  }
  return {
    distributionCut: {
      distributionFilter: monitoringFilter('roundtrip_latencies', requests, 'successful'),
      // At a boundary of the histogram: elsewhere, the responses of a bucket would be split by interpolation.
      range: { min: 0, max: latencyReading(thresholdMs).countedFromMs },
    },
  };
}

/** One alert policy. Cloud Monitoring allows one PromQL condition per policy. */
function addAlert(scope: Construct, alert: Alert, channels: AlertChannels): void {
  new MonitoringAlertPolicy(scope, alert.name, {
    displayName: alert.displayName,
    combiner: 'OR',
    severity: alert.severity === 'page' ? 'CRITICAL' : 'WARNING',
    notificationChannels: channelsOf(channels, alert.labels.owner, alert.severity),
    userLabels: { ...alert.labels },
    conditions: [
      {
        displayName: alert.displayName,
        conditionPrometheusQueryLanguage: {
          query: alert.expression,
          duration: '0s',
          evaluationInterval: `${alert.evaluationSeconds}s`,
          ruleGroup: alert.labels.service,
          alertRule: alertRule(alert.name),
          // The metric does not exist before the first request.
          disableMetricValidation: true,
        },
      },
    ],
    documentation: alertDocumentation(channels, 'error-budget-burn', alert.documentation),
  });
}
