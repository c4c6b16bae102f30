import { LabError } from '../../support/errors';
import type { Journal } from '../server/journal';
import { describeEntry } from './report';

/** Deprecated fields that Google still reads, with the reason to send them. */
const ACCEPTED_DEPRECATIONS: readonly (readonly [path: RegExp, reason: string])[] = [
  [/^cluster\.(initialNodeCount|nodeConfig):/, 'the provider sends them for the pool that it removes'],
  [
    /^cluster\.autoscaling\.autoprovisioningNodePoolDefaults\.minCpuPlatform:/,
    'the provider sends an empty one with the defaults of Autopilot',
  ],
  [/^cluster\.securityPostureConfig\.vulnerabilityMode:/, 'switches the scanning off explicitly'],
];

/** @throws LabError if the APIs refused a request, even if Terraform succeeded after a retry */
export async function withoutRefusals(journal: Journal, work: () => Promise<void>): Promise<void> {
  const from = journal.entries.length;
  const failed = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  const refused = [
    ...journal.refused(from).map(describeEntry),
    ...journal
      .deprecated(from)
      .filter((message) => !ACCEPTED_DEPRECATIONS.some(([path]) => path.test(message))),
  ];
  if (failed === undefined && refused.length === 0) return;
  const message = failed instanceof Error ? failed.message : '';
  throw new LabError([...new Set([...refused, ...(message === '' ? [] : [message])])].join('\n'));
}
