import { MonitoringAlertPolicy } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { Construct } from 'constructs';
import { ROTATION_SUBSCRIPTION } from '../../model/naming';
import { alertDocumentation, type AlertChannels } from '../alerting';

export interface RotationAlertProps {
  readonly channels: AlertChannels;
}

/** A ticket while a secret's value is due: each notice waits until somebody acknowledges it. PCI DSS 8.6.3. */
export class RotationAlert extends Construct {
  constructor(scope: Construct, id: string, props: RotationAlertProps) {
    super(scope, id);
    new MonitoringAlertPolicy(this, 'Default', {
      displayName: 'Security: a secret is due for a new value',
      combiner: 'OR',
      severity: 'WARNING',
      notificationChannels: [...props.channels.ticket],
      userLabels: { signal: ROTATION_SUBSCRIPTION, severity: 'ticket' },
      conditions: [
        {
          displayName: 'a notice waits',
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
        'Make a new value, then acknowledge the notice.',
      ),
    });
  }
}
