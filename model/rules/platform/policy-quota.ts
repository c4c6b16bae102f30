import type { Rule } from '../rule';

/** Of the managed control plane, for one cluster. */
const MOST_POLICIES = 1_000;
/** Of the two gateways and of the mesh as a whole. */
const SHARED_POLICIES = 6;

export const policyQuota: Rule = {
  id: 'PLT-001',
  title: 'Policies stay within the quota of the mesh',
  severity: 'warning',
  rationale:
    'Beyond its quota the managed control plane refuses further AuthorizationPolicies, and new services stay closed.',
  source: 'https://cloud.google.com/service-mesh/docs/security/authorization-policy-overview',
  fix: 'split the shop over two fleets before it grows further',
  check: ({ name, services, domains }) => {
    const policies = services.length + domains.length + SHARED_POLICIES;
    if (policies <= MOST_POLICIES) return [];
    return [
      {
        kind: 'environment',
        name,
        path: ['name'],
        message: `about ${policies} AuthorizationPolicies, and the mesh takes ${MOST_POLICIES}`,
      },
    ];
  },
};
