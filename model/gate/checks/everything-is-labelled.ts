import { addressOf, valuesAt, type GateCheck, type GateViolation, type GatedStack } from '../gate-check';

/** What every resource with labels gets from the provider. */
const DEFAULTS = ['mesh', 'environment', 'stack'];

/** Types whose labels the provider's defaults do not reach, and where these stand. */
const LABELLED_BY_HAND: Readonly<Record<string, string>> = {
  google_monitoring_alert_policy: 'user_labels',
  google_monitoring_custom_service: 'user_labels',
  google_monitoring_notification_channel: 'user_labels',
  google_monitoring_service: 'user_labels',
  google_monitoring_slo: 'user_labels',
  google_sql_database_instance: 'settings.user_labels',
};

/** Kubernetes kinds of which the cost report and the on-call rota are made. */
const LABELLED_KINDS: readonly string[] = ['Namespace', 'Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'];

export const everythingIsLabelled: GateCheck = {
  id: 'GAT-005',
  title: 'Everything that takes labels has them',
  severity: 'error',
  rationale:
    'What carries no label is charged to nobody, answered by nobody, and missing from the inventory (PCI DSS 12.5.1).',
  source: 'https://cloud.google.com/resource-manager/docs/creating-managing-labels',
  fix: `give it labels; the provider's defaults are ${DEFAULTS.join(', ')}`,
  check: (stack) => [...providersWithout(stack), ...resourcesWithout(stack), ...kindsWithout(stack)],
};

function providersWithout({ json, resources }: GatedStack): GateViolation[] {
  const isNeeded = resources.some(({ type }) => type.startsWith('google_'));
  const providers = valuesAt(json, 'provider.google');
  if (isNeeded && providers.length === 0)
    return [{ address: 'provider.google', message: 'default_labels are missing' }];
  return providers.flatMap((provider) => {
    const missing = DEFAULTS.filter((key) => !hasText(valuesAt(provider, `default_labels.${key}`)));
    if (missing.length === 0) return [];
    return [{ address: 'provider.google', message: `default_labels lack ${missing.join(', ')}` }];
  });
}

function resourcesWithout({ resources }: GatedStack): GateViolation[] {
  return resources.flatMap((resource) => {
    const path = LABELLED_BY_HAND[resource.type];
    if (path === undefined || hasEntries(valuesAt(resource.body, path))) return [];
    return [{ address: addressOf(resource), message: `${path} is empty` }];
  });
}

function kindsWithout(stack: GatedStack): GateViolation[] {
  return stack.manifests
    .filter(({ kind }) => LABELLED_KINDS.includes(kind))
    .filter(({ body }) => !hasEntries(valuesAt(body, 'metadata.labels')))
    .map(({ address }) => ({ address, message: 'metadata.labels is empty' }));
}

function hasText(values: readonly unknown[]): boolean {
  return values.some((value) => typeof value === 'string' && value !== '');
}

function hasEntries(values: readonly unknown[]): boolean {
  return values.some((value) => typeof value === 'object' && value !== null && Object.keys(value).length > 0);
}
