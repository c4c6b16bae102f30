import type { Rule } from '../rule';

/** Quota of the managed control plane for one cluster. */
const MOST_POLICIES = 1_000;
/** Policies of the two gateways and of the mesh. */
const SHARED_POLICIES = 6;

export const policyQuota: Rule = {
  id: 'PLT-001',
  title: 'AuthorizationPolicies stay within the mesh quota',
  severity: 'warning',
  rationale:
    'Above its quota the managed control plane rejects AuthorizationPolicies, so requests to new services are denied.',
  source: 'https://cloud.google.com/service-mesh/docs/security/authorization-policy-overview',
  fix: 'split the services over two fleets',
  check: ({ name, services, domains }) => {
    const policies = services.length + domains.length + SHARED_POLICIES;
    if (policies <= MOST_POLICIES) return [];
    return [
      {
        kind: 'environment',
        name,
        path: ['name'],
        message: `about ${policies} AuthorizationPolicies exceed the quota of ${MOST_POLICIES}`,
      },
    ];
  },
};
