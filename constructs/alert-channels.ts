import type { Severity } from '../model/slo/burn-rate-alerts';

/** Notification channels by urgency, as ids of Cloud Monitoring, and where whom they reach reads on. */
export interface AlertChannels extends Readonly<Record<Severity, readonly string[]>> {
  /** Of teams that are told themselves. */
  readonly owners: Readonly<Record<string, Readonly<Partial<Record<Severity, readonly string[]>>>>>;
  /** Folder of the runbooks, as people open it; alerts name a path of the repository without it. */
  readonly runbooksUrl: string | undefined;
}

/** The owner's own channels, or those of everybody. */
export function channelsOf(channels: AlertChannels, owner: string, severity: Severity): string[] {
  return [...(channels.owners[owner]?.[severity] ?? channels[severity])];
}
