import type { MonitoringAlertPolicyDocumentation } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { RUNBOOKS_FOLDER, type Runbook } from '../model/runbooks';
import type { AlertSeverity } from '../model/slo/burn-rate-alerts';

/** Notification channels by urgency, as ids of Cloud Monitoring, and where whom they reach reads on. */
export interface AlertChannels extends Readonly<Record<AlertSeverity, readonly string[]>> {
  /** Of teams that are told themselves. */
  readonly owners: Readonly<Record<string, Readonly<Partial<Record<AlertSeverity, readonly string[]>>>>>;
  /** Folder of the runbooks, as people open it; alerts name a path of the repository without it. */
  readonly runbooksUrl: string | undefined;
}

/** The owner's own channels, or those of everybody. */
export function channelsOf(channels: AlertChannels, owner: string, severity: AlertSeverity): string[] {
  return [...(channels.owners[owner]?.[severity] ?? channels[severity])];
}

/** What an alert tells whomever it reaches: the text, in Markdown, and a runbook to open. */
export function alertDocumentation(
  { runbooksUrl }: AlertChannels,
  runbook: Runbook,
  text: string,
): MonitoringAlertPolicyDocumentation {
  return {
    mimeType: 'text/markdown',
    content: `${text}\n\nRunbook: ${RUNBOOKS_FOLDER}/${runbook}.md`,
    ...(runbooksUrl !== undefined && {
      links: [{ displayName: `Runbook: ${runbook}`, url: `${runbooksUrl}/${runbook}.md` }],
    }),
  };
}
