import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { Construct } from 'constructs';
import { canaryVersion } from '../../model/canary/weight-cap';
import { canaryDetectors, type CanaryDetector } from '../../model/canary/detectors';
import { ROLLBACK_ALERT_LABELS } from '../../model/canary/rollback-workflow';
import type { Service } from '../../model/service';
import { alertRule, alertDocumentation, channelsOf, type AlertChannels } from '../alerting';

export interface CanaryAlertsProps {
  readonly service: Service;
  /** Id of the channel to the rollback controller. */
  readonly rollbackChannel: string;
  readonly alertChannels: AlertChannels;
}

/** Google's minimum for both. */
const RENOTIFY_SECONDS = 1_800;
const AUTO_CLOSE_SECONDS = 1_800;

/** One alert policy for each detector of the running canary. It notifies the rollback controller and the owner. */
export class CanaryAlerts extends Construct {
  constructor(scope: Construct, id: string, props: CanaryAlertsProps) {
    super(scope, id);
    for (const detector of canaryDetectors(props.service)) this.alert(detector, props);
  }

  private alert(detector: CanaryDetector, props: CanaryAlertsProps): void {
    const { service, rollbackChannel, alertChannels } = props;
    const severity = detector.action === 'rollback' ? 'page' : 'ticket';
    const { name: version = '', weightPercent = 0 } = canaryVersion(service) ?? {};
    const what = detector.action === 'rollback' ? 'is being rolled back' : 'is paused';
    const automatic =
      detector.action === 'rollback'
        ? 'The canary is being rolled back to 0 %.'
        : `The canary gets no more than ${weightPercent} % until the incident is acknowledged.`;
    const { stepSinceSeconds } = service.canaryRelease;
    const since =
      stepSinceSeconds > 0
        ? ` since ${new Date(stepSinceSeconds * 1_000).toISOString().replace('.000Z', 'Z')}`
        : '';
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
          displayName: detector.summary.slice(0, 500),
          conditionPrometheusQueryLanguage: {
            query: detector.query,
            duration: '0s',
            evaluationInterval: '60s',
            alertRule: alertRule(detector.id),
            // The metric exists only after the first request, the alert policy before it.
            disableMetricValidation: true,
          },
        },
      ],
      alertStrategy: {
        autoClose: `${AUTO_CLOSE_SECONDS}s`,
        // Repeats a lost notification while the incident is open.
        notificationChannelStrategy: [
          { notificationChannelNames: [rollbackChannel], renotifyInterval: `${RENOTIFY_SECONDS}s` },
        ],
      },
      documentation: alertDocumentation(
        alertChannels,
        'clear-a-weight-cap',
        [
          `${detector.summary} ${automatic}`,
          [
            `- Affected: ${weightPercent} % of the requests to ${service.name}, served by ${version}${since}.`,
            `- Owner: ${service.owner}.`,
          ].join('\n'),
        ].join('\n\n'),
      ),
    });
  }
}
