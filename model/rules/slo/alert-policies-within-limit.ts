import type { Environment } from '../../environment';
import type { Service } from '../../service';
import type { Rule } from '../rule';

/** System limit of Cloud Monitoring for one metrics scope, which is the environment's project. */
const MOST_ALERT_POLICIES = 2_000;
/** Of security signals and of the rotation of secrets. */
const SHARED_ALERT_POLICIES = 20;
/** A page and a ticket for each of two SLOs, and the no-traffic alert. */
const CRITICAL_ALERT_POLICIES = 5;
/** Tickets only. */
const OTHER_ALERT_POLICIES = 3;
/** Three detectors for each of two SLOs. */
const CANARY_ALERT_POLICIES = 6;

export const alertPoliciesWithinLimit: Rule = {
  id: 'SLO-005',
  title: 'Alert policies stay within the Monitoring limit',
  severity: 'warning',
  rationale:
    'Above the limit Cloud Monitoring rejects alert policies, so an apply ends halfway and the last services have no alerts.',
  source: 'https://cloud.google.com/monitoring/quotas',
  fix: 'split the services over two environments',
  check: (environment) => {
    const policies = mostAlertPolicies(environment);
    if (policies <= MOST_ALERT_POLICIES) return [];
    return [
      {
        kind: 'environment',
        name: environment.name,
        path: ['name'],
        message: `up to ${policies} alert policies exceed the limit of ${MOST_ALERT_POLICIES} per project`,
      },
    ];
  },
};

/** If every service with a canary policy runs a canary, and no burn-rate alert is dropped. */
export function mostAlertPolicies({
  services,
  journeys,
}: Pick<Environment, 'services' | 'journeys'>): number {
  return services.reduce(
    (sum, service) =>
      sum +
      (1 + watchedCallees(service)) * policiesOfTier(service) +
      (service.canaryPolicy === undefined ? 0 : CANARY_ALERT_POLICIES),
    SHARED_ALERT_POLICIES + journeys.length * CRITICAL_ALERT_POLICIES,
  );
}

function policiesOfTier({ tier }: Service): number {
  return tier === 'critical' ? CRITICAL_ALERT_POLICIES : OTHER_ALERT_POLICIES;
}

function watchedCallees({ versions }: Service): number {
  const watched = versions.flatMap(({ calls }) => calls.filter((call) => call.watched));
  return new Set(watched.map(({ service }) => service)).size;
}
