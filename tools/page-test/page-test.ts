/**
 * One harmless page and one ticket through every notification channel of an environment. Cloud Monitoring has no method
 * that tests a channel (decision 59), so alert policies that fire at once exist for a few minutes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../../model/environment';
import type { AlertSeverity } from '../../model/slo/burn-rate-alerts';
import { UsageError } from '../command-line';
import type { Monitoring, NotificationChannel } from './monitoring';

/** Marks the policies, so that a later run removes those of a killed one. */
const LABEL = { key: 'purpose', value: 'page-test' } as const;
/** Google's limit for one policy. */
const CHANNELS_PER_POLICY = 16;
const POLL_SECONDS = 10;

export interface PageTestOptions {
  readonly monitoring: Monitoring;
  /** Stops the wait; the policies are removed. */
  readonly signal: AbortSignal;
  /** How long the incidents may take to open. */
  readonly openWithinSeconds: number;
  /** Time for delivery after the incidents have opened. */
  readonly deliverSeconds: number;
  readonly onStep: (step: string) => void;
}

/** Addresses by severity to which a message was sent. */
export type PageTestResult = Readonly<Record<AlertSeverity, readonly string[]>>;

/**
 * @throws UsageError if a recipient of the catalogue has no usable channel, or an incident does not open
 */
export async function testPages(environment: Environment, options: PageTestOptions): Promise<PageTestResult> {
  const { monitoring, onStep } = options;
  onStep('removing policies of earlier tests');
  await removeTestPolicies(monitoring);
  const channels = await monitoring.channels();
  const recipients = recipientsOf(environment);
  const bySeverity = { page: usable('page', channels), ticket: usable('ticket', channels) };
  rejectMissing(environment.name, recipients, bySeverity);
  const created: string[] = [];
  try {
    for (const severity of ['page', 'ticket'] as const)
      for (const part of chunks(bySeverity[severity], CHANNELS_PER_POLICY))
        created.push(await monitoring.createPolicy(testPolicy(environment.name, severity, part)));
    await waitForIncidents(created, options);
    onStep('waiting for the delivery');
    await sleep(options.deliverSeconds * 1_000, undefined, { signal: options.signal });
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    // By label: the response to a create may have been lost.
    await removeTestPolicies(monitoring);
  }
  return {
    page: bySeverity.page.map(addressOf),
    ticket: bySeverity.ticket.map(addressOf),
  };
}

async function removeTestPolicies(monitoring: Monitoring): Promise<void> {
  for (const name of await monitoring.policiesLabelled(LABEL.key, LABEL.value))
    await monitoring.deletePolicy(name);
}

async function waitForIncidents(
  policies: readonly string[],
  { monitoring, signal, openWithinSeconds, onStep }: PageTestOptions,
): Promise<void> {
  onStep('waiting for the incidents to open');
  for (let seconds = 0; ; seconds += POLL_SECONDS) {
    const open = await monitoring.policiesWithOpenAlert();
    const missing = policies.filter((name) => !open.includes(name));
    if (missing.length === 0) return;
    if (seconds >= openWithinSeconds)
      throw new UsageError(
        `${missing.length} of ${policies.length} test alerts did not open within ${openWithinSeconds} s; check the status of Cloud Monitoring, then repeat the command`,
      );
    await sleep(POLL_SECONDS * 1_000, undefined, { signal });
  }
}

/** The condition is always true, on the path of the burn-rate alerts: PromQL. */
export function testPolicy(
  environment: string,
  severity: AlertSeverity,
  channels: readonly NotificationChannel[],
): object {
  const displayName = `${environment}: test ${severity}, no action needed`;
  return {
    displayName,
    severity: severity === 'page' ? 'CRITICAL' : 'WARNING',
    combiner: 'OR',
    enabled: true,
    userLabels: { [LABEL.key]: LABEL.value, severity },
    conditions: [
      {
        displayName,
        conditionPrometheusQueryLanguage: { query: 'vector(1)', duration: '0s', evaluationInterval: '30s' },
      },
    ],
    alertStrategy: { autoClose: '1800s' },
    documentation: {
      mimeType: 'text/markdown',
      subject: displayName,
      content: `This is a test of the notification channels of ${environment} by 'mesh page-test'. Nothing is wrong and nothing is to be done, except to confirm to the sender that it arrived. The incident closes within half an hour.`,
    },
    notificationChannels: channels.map(({ name }) => name),
  };
}

/** Expected addresses by severity, those of owners included. */
function recipientsOf({ notifications }: Environment): Record<AlertSeverity, string[]> {
  const of = (severity: AlertSeverity) => [
    ...new Set([
      ...notifications[severity],
      ...Object.values(notifications.owners).flatMap((owner) => owner[severity] ?? []),
    ]),
  ];
  return { page: of('page'), ticket: of('ticket') };
}

/** The observability stack names a channel `page: <address>` or `<owner> page: <address>`. */
function usable(severity: AlertSeverity, channels: readonly NotificationChannel[]): NotificationChannel[] {
  return channels.filter(
    ({ displayName, enabled, verificationStatus }) =>
      new RegExp(`^(\\S+ )?${severity}: `).test(displayName) &&
      enabled &&
      verificationStatus !== 'UNVERIFIED',
  );
}

function rejectMissing(
  environment: string,
  recipients: Readonly<Record<AlertSeverity, readonly string[]>>,
  channels: Readonly<Record<AlertSeverity, readonly NotificationChannel[]>>,
): void {
  const missing = (['page', 'ticket'] as const).flatMap((severity) =>
    recipients[severity]
      .filter((address) => !channels[severity].some((channel) => addressOf(channel) === address))
      .map((address) => `${severity} to ${address}`),
  );
  if (missing.length > 0)
    throw new UsageError(
      `no enabled and verified channel for ${missing.join(', ')}; apply '${environment}-observability' and verify the channel`,
    );
}

function addressOf({ labels, name }: NotificationChannel): string {
  return labels['email_address'] ?? name;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
