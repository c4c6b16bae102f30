import type { Environment } from '../../environment';
import type { Rule } from '../rule';

/** Quota of the managed mesh for one project; the smaller of two published figures. */
const MOST_SERVICES = 1_000;
/** Services of the gateways, of the system, and of Kiali. */
const SHARED_SERVICES = 10;

export const serviceQuota: Rule = {
  id: 'PLT-004',
  title: 'Kubernetes Services stay within the mesh quota',
  severity: 'warning',
  rationale:
    'Every port of every Kubernetes Service counts against a project quota, above which new services get no configuration.',
  source: 'https://cloud.google.com/service-mesh/docs/operate-and-maintain/scalability-limits',
  fix: 'request a larger quota, or split the services over two fleets',
  check: (environment) => {
    const { name } = environment;
    const count = kubernetesServiceCount(environment);
    if (count <= MOST_SERVICES) return [];
    return [
      {
        kind: 'environment',
        name,
        path: ['name'],
        message: `about ${count} Kubernetes Services exceed the quota of ${MOST_SERVICES} per project`,
      },
    ];
  },
};

/** One for each service, one for each version, one for the streams of a service, and those of the platform. */
export function kubernetesServiceCount({ services }: Pick<Environment, 'services'>): number {
  return services.reduce(
    (sum, { versions, streams }) => sum + 1 + versions.length + (streams.length > 0 ? 1 : 0),
    SHARED_SERVICES,
  );
}
