import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import type { Construct } from 'constructs';
import type { Alert } from '../../model/slo/alerts';
import { channelsOf, type AlertChannels } from '../alert-channels';
import { alertDocumentation } from '../alert-documentation';

/** One alert policy. It has one condition, as Cloud Monitoring wants it of PromQL. */
export function addAlert(scope: Construct, alert: Alert, channels: AlertChannels): void {
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
          alertRule: alert.name,
          // The metric exists only after the first request; the alert must be there before.
          disableMetricValidation: true,
        },
      },
    ],
    documentation: alertDocumentation(channels, 'error-budget-burn', alert.documentation),
  });
}
