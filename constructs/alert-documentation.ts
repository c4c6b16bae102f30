import type { MonitoringAlertPolicyDocumentation } from '@cdktf/provider-google/lib/monitoring-alert-policy';
import { RUNBOOKS_FOLDER, type Runbook } from '../model/runbooks';
import type { AlertChannels } from './alert-channels';

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
