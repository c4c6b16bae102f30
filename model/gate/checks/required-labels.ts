import { addressOf, valuesAt, type GateCheck, type GateViolation, type GatedStack } from '../gate-check';

/** Default labels of the provider. */
const DEFAULTS = ['mesh', 'environment', 'stack'];

/** Types that the provider's default labels do not cover, and the path of their labels. */
const LABELLED_BY_HAND: Readonly<Record<string, string>> = {
  google_monitoring_alert_policy: 'user_labels',
  google_monitoring_custom_service: 'user_labels',
  google_monitoring_notification_channel: 'user_labels',
  google_monitoring_service: 'user_labels',
  google_monitoring_slo: 'user_labels',
  google_sql_database_instance: 'settings.user_labels',
};

/** Kubernetes kinds that cost reports and ownership are based on. */
const LABELLED_KINDS: readonly string[] = ['Namespace', 'Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'];

export const requiredLabels: GateCheck = {
  id: 'GAT-005',
  title: 'Resources with labels have the required ones',
  severity: 'error',
  rationale:
    'A resource without labels has no owner and no cost centre, and is missing from the inventory (PCI DSS 12.5.1).',
  source: 'https://cloud.google.com/resource-manager/docs/creating-managing-labels',
  fix: `add labels; the provider's default_labels are ${DEFAULTS.join(', ')}`,
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
