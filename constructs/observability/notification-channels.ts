import { MonitoringNotificationChannel } from '@cdktf/provider-google/lib/monitoring-notification-channel';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { runbooksUrl } from '../../model/runbooks';
import type { AlertSeverity } from '../../model/slo/burn-rate-alerts';
import type { AlertChannels } from '../alerting';

export interface NotificationChannelsProps {
  readonly environment: Environment;
}

/** Notification channels by severity and owner. PCI DSS 10.4.1.1, 10.7.2. */
export class NotificationChannels extends Construct {
  public readonly ids: AlertChannels;
  private readonly namesById = new Map<string, string>();

  constructor(scope: Construct, id: string, { environment }: NotificationChannelsProps) {
    super(scope, id);
    const { notifications: addresses, mesh } = environment;
    this.ids = {
      page: this.channels('page', addresses.page),
      ticket: this.channels('ticket', addresses.ticket),
      owners: Object.fromEntries(
        Object.entries(addresses.owners).map(([owner, { page, ticket }]) => [
          owner,
          {
            ...(page && { page: this.channels('page', page) }),
            ...(ticket && { ticket: this.channels('ticket', ticket) }),
          },
        ]),
      ),
      runbooksUrl: runbooksUrl(mesh),
    };
  }

  private channels(severity: AlertSeverity, addresses: readonly string[]): string[] {
    return addresses.map((address) => {
      const id = `${severity}-${address}`;
      const name = this.namesById.get(id) ?? this.channel(id, severity, address);
      this.namesById.set(id, name);
      return name;
    });
  }

  private channel(id: string, severity: AlertSeverity, address: string): string {
    return new MonitoringNotificationChannel(this, id, {
      displayName: `${severity}: ${address}`,
      type: 'email',
      labels: { email_address: address },
    }).name;
  }
}
