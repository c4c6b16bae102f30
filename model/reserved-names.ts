/**
 * Names that Kubernetes, Google or this platform use. `__tests__/stacks/reserved-names.test.ts` derives those of the
 * platform from the synthesized stacks.
 */
import {
  EGRESS_GATEWAY,
  IMAGE_MIRRORS,
  INGRESS_CERTIFICATE_SECRETS,
  INGRESS_GATEWAY,
  KIALI,
  METRICS_FRONTEND,
  ROLLBACK_CONTROLLER,
  ROOT_NAMESPACE,
  STATE_KEY_RING,
} from './naming';

/** Names and beginnings of names, with their owner. */
interface ReservedNames {
  readonly names: Readonly<Record<string, string>>;
  readonly prefixes: Readonly<Record<string, string>>;
}

const KUBERNETES = 'Kubernetes';
const GKE = 'GKE';
const MESH = 'the managed mesh';
const PLATFORM = 'this platform';

/** A domain is a namespace, in which all requests are denied by default. */
export const RESERVED_DOMAINS: ReservedNames = {
  names: {
    default: KUBERNETES,
    'cnrm-system': 'Config Connector',
    'configconnector-operator-system': 'Config Connector',
    'gatekeeper-system': 'Policy Controller',
    'resource-group-system': 'Config Sync',
    [ROOT_NAMESPACE]: MESH,
    [INGRESS_GATEWAY.namespace]: PLATFORM,
    [EGRESS_GATEWAY.namespace]: PLATFORM,
    [KIALI.namespace]: PLATFORM,
    [ROLLBACK_CONTROLLER]: PLATFORM,
  },
  prefixes: {
    'kube-': KUBERNETES,
    'gke-': GKE,
    'gmp-': 'Managed Service for Prometheus',
    'istio-': MESH,
    'asm-': MESH,
    'config-management-': 'Config Sync',
    'anthos-': GKE,
  },
};

/** Metrics, dashboards and policies know workloads by these names. */
export const RESERVED_SERVICES: ReservedNames = {
  names: {
    kubernetes: KUBERNETES,
    // The AuthorizationPolicy of every domain.
    'deny-all': PLATFORM,
    [INGRESS_GATEWAY.name]: PLATFORM,
    [EGRESS_GATEWAY.name]: PLATFORM,
    [KIALI.name]: PLATFORM,
    [METRICS_FRONTEND.name]: PLATFORM,
    [ROLLBACK_CONTROLLER]: PLATFORM,
  },
  prefixes: {
    // Cloud Monitoring services of the user journeys.
    'journey-': 'user journeys',
    'istio-': MESH,
    'gke-': GKE,
  },
};

/** Objects of third parties are in the namespace of the egress gateway; firewall rules are named `allow-<name>`. */
export const RESERVED_EXTERNALS: ReservedNames = {
  names: {
    [EGRESS_GATEWAY.name]: PLATFORM,
    database: PLATFORM,
    'google-apis': PLATFORM,
    'own-ranges': PLATFORM,
    'own-ranges-ingress': PLATFORM,
    'token-keys': PLATFORM,
  },
  prefixes: {},
};

export const RESERVED_SECRETS: ReservedNames = {
  names: {
    [INGRESS_CERTIFICATE_SECRETS.certificate]: PLATFORM,
    [INGRESS_CERTIFICATE_SECRETS.key]: PLATFORM,
  },
  prefixes: {},
};

/** The image repository has the name of the mesh. */
export const RESERVED_MESH_NAMES: ReservedNames = {
  names: Object.fromEntries(Object.values(IMAGE_MIRRORS).map((name) => [name, PLATFORM])),
  prefixes: { goog: 'Google' },
};

export const RESERVED_KEY_RINGS: ReservedNames = {
  names: { [STATE_KEY_RING]: 'the bootstrap' },
  prefixes: {},
};

/** Who uses the name; undefined if it is free. */
export function reservedFor(name: string, { names, prefixes }: ReservedNames): string | undefined {
  return (
    (Object.hasOwn(names, name) ? names[name] : undefined) ??
    Object.entries(prefixes).find(([prefix]) => name.startsWith(prefix))?.[1]
  );
}
