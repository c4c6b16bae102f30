import type { Rule } from '../rule';

/** Of the managed mesh, for one project; the smaller of the two figures that Google publishes. */
const MOST_SERVICES = 1_000;
/** The gateways, the system's own, and those of Kiali. */
const SHARED_SERVICES = 10;

export const serviceQuota: Rule = {
  id: 'PLT-004',
  title: 'Services stay within the quota of the mesh',
  severity: 'warning',
  rationale:
    'Every port of every Kubernetes Service counts against a quota of the project; beyond it new services get no configuration.',
  source: 'https://cloud.google.com/service-mesh/docs/operate-and-maintain/scalability-limits',
  fix: 'ask for a larger quota, or split the shop over two fleets, before it grows further',
  check: ({ name, services }) => {
    // One for callers, and one for each version.
    const count = services.reduce((sum, { versions }) => sum + 1 + versions.length, SHARED_SERVICES);
    if (count <= MOST_SERVICES) return [];
    return [
      {
        kind: 'environment',
        name,
        path: ['name'],
        message: `about ${count} Kubernetes Services, and the mesh takes ${MOST_SERVICES} a project`,
      },
    ];
  },
};
