import type { MonitoringAlertPolicyDocumentation } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { RUNBOOKS_FOLDER, type Runbook } from '../model/runbooks';
import type { AlertSeverity } from '../model/slo/burn-rate-alerts';

/** Name of a Prometheus rule: hyphens are not allowed. @see monitoring.v3 PrometheusQueryLanguageCondition.alertRule */
export function alertRule(name: string): string {
  return name.replaceAll('-', '_');
}

/** Ids of notification channels by severity, and the URL of the runbooks. */
export interface AlertChannels extends Readonly<Record<AlertSeverity, readonly string[]>> {
  /** Channels of each team that owns alerts. */
  readonly owners: Readonly<Record<string, Readonly<Record<AlertSeverity, readonly string[]>>>>;
  /** URL of the runbooks folder. Without it, alerts have the path in the repository only. */
  readonly runbooksUrl: string | undefined;
}

/** @throws Error if the owner has no channels: its alerts would notify nobody */
export function channelsOf(channels: AlertChannels, owner: string, severity: AlertSeverity): string[] {
  const own = channels.owners[owner]?.[severity];
  if (own === undefined) throw new Error(`owner '${owner}' has no notification channels`);
  return [...own];
}

/** @param text Markdown; a reference to the runbook is appended */
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
