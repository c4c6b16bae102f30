// Accepted findings of the audits. The reason of a waiver holds only under conditions, which are checked for every object
// that the waiver covers.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const containersOf = ({ spec }) => spec?.template?.spec?.containers ?? [];
const every = (test) => (object) => containersOf(object).length > 0 && containersOf(object).every(test);
const tagOf = ({ image }) => /:([^:/@]+)$/.exec(image)?.[1];

/** What a reason may presume: a test of the finding's object, the objects or resources around it, and the environment. */
export const CONDITIONS = {
  'image-by-digest': every(({ image }) => /@sha256:[0-9a-f]{64}$/.test(image)),
  'image-by-version': every((container) => tagOf(container) !== undefined && tagOf(container) !== 'latest'),
  'image-always-pulled': every(({ imagePullPolicy }) => imagePullPolicy === 'Always'),
  'image-from-injector': every(({ image }) => image === 'auto'),
  'cpu-requested-without-limit': every(
    ({ resources }) => resources?.requests?.cpu !== undefined && resources?.limits?.cpu === undefined,
  ),
  'runs-as-non-root': every(({ securityContext }) => securityContext?.runAsNonRoot === true),
  'ready-before-traffic': every(({ readinessProbe }) => readinessProbe !== undefined),
  'spread-over-zones-and-hosts': ({ spec }) => {
    const keys = (spec.template.spec.topologySpreadConstraints ?? []).map(({ topologyKey }) => topologyKey);
    return keys.includes('topology.kubernetes.io/zone') && keys.includes('kubernetes.io/hostname');
  },
  'single-replica': ({ spec }) => spec.replicas === 1,
  'outside-of-the-mesh': ({ metadata }, { objects }) =>
    objects.get(`Namespace//${metadata.namespace}`)?.metadata.labels?.['istio-injection'] === 'disabled',
  'namespace-without-pods': ({ metadata }, { objects }) =>
    ![...objects.values()].some(
      (object) => containersOf(object).length > 0 && object.metadata.namespace === metadata.namespace,
    ),
  'not-production': (_, { production }) => !production,
  'no-ip-endpoint': ({ control_plane_endpoints_config: endpoints }) =>
    endpoints?.ip_endpoints_config?.enabled === false,
  'firewall-policy-on-network': (_, { resources }) =>
    [...resources.keys()].some((address) =>
      address.startsWith('google_compute_network_firewall_policy_association.'),
    ),
};

/**
 * @param file with `waivers`, each with check, objects (a pattern), presumes, owner and reason
 * @throws Error if one is incomplete
 */
export function readWaivers(file) {
  const { waivers } = parse(readFileSync(file, 'utf8'));
  for (const { check, objects, presumes, owner, reason } of waivers) {
    if (!check || !objects || !owner || !reason || !Array.isArray(presumes) || presumes.length === 0)
      throw new Error(`${file}: the waiver of ${check} needs objects, presumes, owner and reason`);
    const unknown = presumes.find((name) => !(name in CONDITIONS));
    if (unknown !== undefined)
      throw new Error(
        `${file}: the waiver of ${check} presumes '${unknown}'; known: ${Object.keys(CONDITIONS).join(', ')}`,
      );
  }
  return waivers;
}

/**
 * Errors, one a line: findings without a waiver, findings whose waiver presumes what does not hold, and waivers for
 * objects that exist and have no such finding. A waiver for objects that no environment has is not an error.
 *
 * @param findings of all environments: `{ environment, check, object, comment, value, context }`
 * @param names of all objects, in any environment
 */
export function judge(waivers, findings, names) {
  const unused = new Set(waivers);
  const errors = findings.flatMap((finding) => {
    const { environment, check, object, comment } = finding;
    const covering = waivers.filter(
      (waiver) => waiver.check === check && new RegExp(waiver.objects).test(object),
    );
    for (const waiver of covering) unused.delete(waiver);
    const failed = covering.map(({ presumes }) => presumes.filter((name) => !holds(name, finding)));
    if (failed.some((names) => names.length === 0)) return [];
    const where = `${environment} ${object}: ${check}: ${comment}`;
    return covering.length === 0
      ? [where]
      : [`${where}; its waiver presumes ${failed.flat().join(' and ')}, which does not hold`];
  });
  const stale = [...unused]
    .filter(({ objects }) => [...names].some((name) => new RegExp(objects).test(name)))
    .map(({ check, objects }) => `waiver of ${check} for ${objects} is unused; remove it`);
  return [...errors, ...stale];
}

function holds(name, { value, context }) {
  return value !== undefined && CONDITIONS[name](value, context);
}
