import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { Construct } from 'constructs';
import { ROTATION_SUBSCRIPTION } from '../../model/naming';
import { alertDocumentation, type AlertChannels } from '../alerting';

export interface RotationAlertProps {
  readonly channels: AlertChannels;
  /** Rotation period of the secrets. */
  readonly rotationDays: number;
}

/** A ticket while a rotation notice is not acknowledged. PCI DSS 8.6.3. */
export class RotationAlert extends Construct {
  constructor(scope: Construct, id: string, props: RotationAlertProps) {
    super(scope, id);
    new MonitoringAlertPolicy(this, 'Default', {
      displayName: 'Security: secret due for rotation',
      combiner: 'OR',
      severity: 'WARNING',
      notificationChannels: [...props.channels.ticket],
      userLabels: { signal: ROTATION_SUBSCRIPTION, severity: 'ticket' },
      conditions: [
        {
          displayName: 'unacknowledged rotation notice',
          conditionThreshold: {
            filter: `metric.type="pubsub.googleapis.com/subscription/num_undelivered_messages" AND resource.type="pubsub_subscription" AND resource.label.subscription_id="${ROTATION_SUBSCRIPTION}"`,
            comparison: 'COMPARISON_GT',
            thresholdValue: 0,
            duration: '0s',
            aggregations: [{ alignmentPeriod: '300s', perSeriesAligner: 'ALIGN_MAX' }],
            trigger: { count: 1 },
          },
        },
      ],
      documentation: alertDocumentation(
        props.channels,
        'rotate-a-secret',
        [
          `**Security: secret due for rotation**: at least one secret has not been rotated for ${props.rotationDays} days.`,
          '- Affected: none yet; services keep working with the current value.\n- Automatic action: none; the alert closes when the rotation notice is acknowledged.\n- First step: read the name of the secret in the notice. Add a new value, then acknowledge the notice.',
        ].join('\n\n'),
      ),
    });
  }
}
