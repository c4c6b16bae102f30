import { addressOf, valuesAt, type GateCheck, type JsonValue } from '../gate-check';

/** A condition under which a resource has no public address. */
interface Requirement {
  readonly type: string;
  readonly path: string;
  readonly isSatisfied: (values: readonly JsonValue[]) => boolean;
  readonly message: string;
}

const isTrue = (values: readonly JsonValue[]) => values.length > 0 && values.every((value) => value === true);
const isFalse = (values: readonly JsonValue[]) =>
  values.length > 0 && values.every((value) => value === false);
const isNotTrue = (values: readonly JsonValue[]) => values.every((value) => value === false);
const isAbsent = (values: readonly JsonValue[]) => values.length === 0;

const REQUIREMENTS: readonly Requirement[] = [
  {
    type: 'google_container_cluster',
    path: 'private_cluster_config.enable_private_nodes',
    isSatisfied: isTrue,
    message: 'enable_private_nodes is not true',
  },
  {
    type: 'google_container_node_pool',
    path: 'network_config.enable_private_nodes',
    isSatisfied: (values) => values.every((value) => value === true),
    message: 'network_config.enable_private_nodes is not true',
  },
  {
    type: 'google_sql_database_instance',
    path: 'settings.ip_configuration.ipv4_enabled',
    isSatisfied: isFalse,
    message: 'ipv4_enabled is not false',
  },
  {
    type: 'google_alloydb_instance',
    path: 'network_config.enable_public_ip',
    isSatisfied: isNotTrue,
    message: 'enable_public_ip is not false',
  },
  {
    type: 'google_alloydb_instance',
    path: 'network_config.authorized_external_networks',
    isSatisfied: isAbsent,
    message: 'authorized_external_networks is set',
  },
  {
    type: 'google_compute_instance',
    path: 'network_interface.access_config',
    isSatisfied: isAbsent,
    message: 'access_config assigns a public address',
  },
];

export const noPublicAddress: GateCheck = {
  id: 'GAT-002',
  title: 'No node or database has a public address',
  severity: 'error',
  rationale:
    'Scanners find and attack a public address within minutes, and one wrong firewall rule exposes it (PCI DSS 1.4.1, 1.4.4).',
  source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster',
  fix: 'use private addresses only',
  check: ({ resources }) =>
    resources.flatMap((resource) =>
      REQUIREMENTS.filter(({ type }) => type === resource.type)
        .filter(({ path, isSatisfied }) => !isSatisfied(valuesAt(resource.body, path)))
        .map(({ message }) => ({ address: addressOf(resource), message })),
    ),
};
