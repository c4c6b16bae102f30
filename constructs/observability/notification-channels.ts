import { MonitoringNotificationChannel } from '@cdktf/provider-google/lib/monitoring-notification-channel';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { alertOwners } from '../../model/owners';
import { runbooksUrl } from '../../model/runbooks';
import type { AlertSeverity } from '../../model/slo/burn-rate-alerts';
import type { AlertChannels } from '../alerting';

export interface NotificationChannelsProps {
  readonly environment: Environment;
}

/** A channel whose construct id was another one in an earlier version of the platform. */
export interface MovedChannel {
  readonly channel: MonitoringNotificationChannel;
  readonly formerId: string;
}

/**
 * Notification channels by owner and severity. Their ids contain no address, so that a new address is an update in
 * place: alert policies of a later stack still name the channel while this stack is applied. Each owner has channels
 * of its own, whether or not the environment gives it recipients, for the same reason. PCI DSS 10.4.1.1, 10.7.2.
 */
export class NotificationChannels extends Construct {
  public readonly ids: AlertChannels;
  public readonly all: readonly MonitoringNotificationChannel[];
  /** Channels that had their address as id. */
  public readonly moved: readonly MovedChannel[];

  private readonly movedByFormerId = new Map<string, MovedChannel>();

  constructor(scope: Construct, id: string, { environment }: NotificationChannelsProps) {
    super(scope, id);
    const { notifications, mesh } = environment;
    this.ids = {
      page: this.channels(undefined, 'page', notifications.page),
      ticket: this.channels(undefined, 'ticket', notifications.ticket),
      owners: Object.fromEntries(
        alertOwners(environment).map((owner) => {
          const { page = notifications.page, ticket = notifications.ticket } =
            notifications.owners[owner] ?? {};
          return [
            owner,
            { page: this.channels(owner, 'page', page), ticket: this.channels(owner, 'ticket', ticket) },
          ];
        }),
      ),
      runbooksUrl: runbooksUrl(mesh),
    };
    this.all = this.node.children.filter((child) => child instanceof MonitoringNotificationChannel);
    this.moved = [...this.movedByFormerId.values()];
  }

  private channels(owner: string | undefined, severity: AlertSeverity, addresses: readonly string[]) {
    const recipient = owner === undefined ? severity : `${owner}-${severity}`;
    return addresses.map((address, index) => {
      const channel = new MonitoringNotificationChannel(this, numbered(recipient, index), {
        displayName: `${owner === undefined ? '' : `${owner} `}${severity}: ${address}`,
        type: 'email',
        labels: { email_address: address },
        // A list of addresses that gets shorter removes its last channel before the policies that name it change.
        forceDelete: true,
      });
      const formerId = `${severity}-${address}`;
      if (!this.movedByFormerId.has(formerId)) this.movedByFormerId.set(formerId, { channel, formerId });
      return channel.name;
    });
  }
}

/** `page`, `page-2`, `page-3` */
function numbered(id: string, index: number): string {
  return index === 0 ? id : `${id}-${index + 1}`;
}
