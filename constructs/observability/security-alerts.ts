import { LoggingMetric } from '@cdktf/provider-google/lib/logging-metric';
import {
  MonitoringAlertPolicy,
  type MonitoringAlertPolicyConditions,
} from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import {
  SIGNAL_WINDOW_MINUTES,
  securitySignals,
  signalDocumentation,
  type SecuritySignal,
} from '../../model/security-signals';
import { alertDocumentation, alertRule, type AlertChannels } from '../alerting';

export interface SecurityAlertsProps {
  readonly environment: Environment;
  readonly channels: AlertChannels;
}

/** Least time between two notifications of a log-based alert. */
const NOTIFICATION_PERIOD_SECONDS = 300;

/** Alerts on failed or changed security controls. PCI DSS 10.4.1.1, 10.7.2. */
export class SecurityAlerts extends Construct {
  constructor(scope: Construct, id: string, props: SecurityAlertsProps) {
    super(scope, id);
    for (const signal of securitySignals(props.environment)) this.alert(signal, props.channels);
  }

  private alert(signal: SecuritySignal, channels: AlertChannels): void {
    const counted = signal.tolerated > 0 || signal.unstoredResource !== undefined;
    new MonitoringAlertPolicy(this, signal.name, {
      displayName: `Security: ${signal.summary}`,
      combiner: 'OR',
      severity: signal.severity === 'page' ? 'CRITICAL' : 'WARNING',
      notificationChannels: [...channels[signal.severity]],
      userLabels: { signal: signal.name, severity: signal.severity },
      conditions: [counted ? this.countedEntries(signal) : matchedEntry(signal)],
      alertStrategy: {
        autoClose: '86400s',
        ...(!counted && { notificationRateLimit: { period: `${NOTIFICATION_PERIOD_SECONDS}s` } }),
      },
      documentation: alertDocumentation(channels, 'security-signal', signalDocumentation(signal)),
    });
  }

  /** PromQL, because other conditions are refused until Cloud Monitoring knows the new metric: up to 10 minutes. */
  private countedEntries(signal: SecuritySignal): MonitoringAlertPolicyConditions {
    new LoggingMetric(this, `${signal.name}-metric`, {
      name: signal.name,
      description: signal.summary,
      filter: signal.filter,
      metricDescriptor: { metricKind: 'DELTA', valueType: 'INT64', unit: '1' },
    });
    const series = `logging_googleapis_com:user_${alertRule(signal.name)}{monitored_resource="${signal.unstoredResource ?? 'k8s_container'}"}`;
    return {
      displayName: signal.summary,
      conditionPrometheusQueryLanguage: {
        query: `sum(increase(${series}[${SIGNAL_WINDOW_MINUTES}m])) > ${signal.tolerated}`,
        duration: '0s',
        evaluationInterval: '60s',
        alertRule: alertRule(signal.name),
        disableMetricValidation: true,
      },
    };
  }
}

/** Needs no metric and no resource type, of which Cloud Monitoring lacks some of Cloud Logging's. */
function matchedEntry({ summary, filter }: SecuritySignal): MonitoringAlertPolicyConditions {
  return { displayName: summary, conditionMatchedLog: { filter } };
}
