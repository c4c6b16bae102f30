import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { Construct } from 'constructs';
import { canaryVersion } from '../../model/canary/weight-cap';
import { canaryDetectors, type CanaryDetector } from '../../model/canary/detectors';
import { ROLLBACK_ALERT_LABELS } from '../../model/canary/rollback-workflow';
import type { Service } from '../../model/service';
import { channelsOf, type AlertChannels } from '../alert-channels';
import { alertDocumentation } from '../alert-documentation';

export interface CanaryAlertsProps {
  readonly service: Service;
  /** Id of the channel that reaches the guard. */
  readonly rollbackChannel: string;
  readonly alertChannels: AlertChannels;
}

/** Google's shortest for both. */
const RENOTIFY_SECONDS = 1_800;
const AUTO_CLOSE_SECONDS = 1_800;

/** What watches the canary that runs. Each alert tells the guard what to do, and a person that it was done. */
export class CanaryAlerts extends Construct {
  constructor(scope: Construct, id: string, props: CanaryAlertsProps) {
    super(scope, id);
    for (const detector of canaryDetectors(props.service)) this.alert(detector, props);
  }

  private alert(detector: CanaryDetector, props: CanaryAlertsProps): void {
    const { service, rollbackChannel, alertChannels } = props;
    const severity = detector.action === 'rollback' ? 'page' : 'ticket';
    const version = canaryVersion(service)?.name ?? '';
    const what = detector.action === 'rollback' ? 'is rolled back' : 'pauses';
    new MonitoringAlertPolicy(this, detector.id, {
      displayName: `${service.name} ${version} ${what}: ${detector.id}`,
      combiner: 'OR',
      severity: severity === 'page' ? 'CRITICAL' : 'WARNING',
      notificationChannels: [rollbackChannel, ...channelsOf(alertChannels, service.owner, severity)],
      userLabels: {
        [ROLLBACK_ALERT_LABELS.service]: service.name,
        [ROLLBACK_ALERT_LABELS.namespace]: service.namespace,
        [ROLLBACK_ALERT_LABELS.action]: detector.action,
        slo: detector.objective,
        severity,
        owner: service.owner,
      },
      conditions: [
        {
          displayName: detector.says.slice(0, 500),
          conditionPrometheusQueryLanguage: {
            query: detector.query,
            duration: '0s',
            evaluationInterval: '60s',
            alertRule: detector.id,
            // The metric exists only after the first request; the alert must be there before.
            disableMetricValidation: true,
          },
        },
      ],
      alertStrategy: {
        autoClose: `${AUTO_CLOSE_SECONDS}s`,
        // A notice that was lost comes again while the incident is open.
        notificationChannelStrategy: [
          { notificationChannelNames: [rollbackChannel], renotifyInterval: `${RENOTIFY_SECONDS}s` },
        ],
      },
      documentation: alertDocumentation(
        alertChannels,
        'clear-a-weight-cap',
        `**${service.name} ${version}** ${what}: ${detector.says}.\n\nOwner: ${service.owner}.`,
      ),
    });
  }
}
