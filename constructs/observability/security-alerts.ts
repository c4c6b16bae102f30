import { LoggingMetric } from '@cdktf/provider-google/lib/logging-metric';
import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import {
  SIGNAL_WINDOW_MINUTES,
  securitySignals,
  signalDocumentation,
  type SecuritySignal,
} from '../../model/security-signals';
import { alertDocumentation, type AlertChannels } from '../alerting';

export interface SecurityAlertsProps {
  readonly environment: Environment;
  readonly channels: AlertChannels;
}

/** Log-based metrics and alerts on failed or changed security controls. PCI DSS 10.4.1.1, 10.7.2. */
export class SecurityAlerts extends Construct {
  constructor(scope: Construct, id: string, props: SecurityAlertsProps) {
    super(scope, id);
    for (const signal of securitySignals(props.environment)) this.alert(signal, props.channels);
  }

  private alert(signal: SecuritySignal, channels: AlertChannels): void {
    const metric = new LoggingMetric(this, `${signal.name}-metric`, {
      name: signal.name,
      description: signal.summary,
      filter: signal.filter,
      metricDescriptor: { metricKind: 'DELTA', valueType: 'INT64', unit: '1' },
    });
    new MonitoringAlertPolicy(this, signal.name, {
      displayName: `Security: ${signal.summary}`,
      combiner: 'OR',
      severity: signal.severity === 'page' ? 'CRITICAL' : 'WARNING',
      notificationChannels: [...channels[signal.severity]],
      userLabels: { signal: signal.name, severity: signal.severity },
      conditions: signal.resourceTypes.map((resourceType) => ({
        displayName: `${signal.summary} (${resourceType})`,
        conditionThreshold: {
          filter: `metric.type="logging.googleapis.com/user/${metric.name}" AND resource.type="${resourceType}"`,
          comparison: 'COMPARISON_GT',
          thresholdValue: signal.tolerated,
          duration: '0s',
          aggregations: [
            {
              alignmentPeriod: `${SIGNAL_WINDOW_MINUTES * 60}s`,
              perSeriesAligner: 'ALIGN_SUM',
              crossSeriesReducer: 'REDUCE_SUM',
            },
          ],
          trigger: { count: 1 },
        },
      })),
      alertStrategy: { autoClose: '86400s' },
      documentation: alertDocumentation(channels, 'security-signal', signalDocumentation(signal)),
    });
  }
}
