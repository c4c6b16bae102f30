import { MonitoringNotificationChannel } from '@cdktf/provider-google/lib/monitoring-notification-channel';
import { Construct } from 'constructs';
import type { Severity } from '../../model/burn-rate';

export interface NotificationChannelsProps {
  /** Addresses by urgency. */
  readonly addresses: Readonly<Record<Severity, readonly string[]>>;
}

/** Whom alerts reach, by urgency. PCI DSS 10.4.1.1, 10.7.2. */
export class NotificationChannels extends Construct {
  /** Ids of Cloud Monitoring. */
  public readonly ids: Readonly<Record<Severity, readonly string[]>>;

  constructor(scope: Construct, id: string, props: NotificationChannelsProps) {
    super(scope, id);
    const channels = (severity: Severity) =>
      props.addresses[severity].map((address) => {
        const channel = new MonitoringNotificationChannel(this, `${severity}-${address}`, {
          displayName: `${severity}: ${address}`,
          type: 'email',
          labels: { email_address: address },
        });
        return channel.name;
      });
    this.ids = { page: channels('page'), ticket: channels('ticket') };
  }
}
