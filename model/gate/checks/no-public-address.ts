import { addressOf, valuesAt, type GateCheck, type JsonValue } from '../gate-check';

/** What a resource must say, or must not, to have no address on the internet. */
interface Demand {
  readonly type: string;
  readonly path: string;
  readonly isMet: (values: readonly JsonValue[]) => boolean;
  readonly message: string;
}

const isTrue = (values: readonly JsonValue[]) => values.length > 0 && values.every((value) => value === true);
const isFalse = (values: readonly JsonValue[]) =>
  values.length > 0 && values.every((value) => value === false);
const isNotTrue = (values: readonly JsonValue[]) => values.every((value) => value === false);
const isAbsent = (values: readonly JsonValue[]) => values.length === 0;

const DEMANDS: readonly Demand[] = [
  {
    type: 'google_container_cluster',
    path: 'private_cluster_config.enable_private_nodes',
    isMet: isTrue,
    message: 'enable_private_nodes is not true',
  },
  {
    type: 'google_container_node_pool',
    path: 'network_config.enable_private_nodes',
    isMet: (values) => values.every((value) => value === true),
    message: 'network_config.enable_private_nodes is not true',
  },
  {
    type: 'google_sql_database_instance',
    path: 'settings.ip_configuration.ipv4_enabled',
    isMet: isFalse,
    message: 'ipv4_enabled is not false',
  },
  {
    type: 'google_alloydb_instance',
    path: 'network_config.enable_public_ip',
    isMet: isNotTrue,
    message: 'enable_public_ip is not false',
  },
  {
    type: 'google_alloydb_instance',
    path: 'network_config.authorized_external_networks',
    isMet: isAbsent,
    message: 'authorized_external_networks is set',
  },
  {
    type: 'google_compute_instance',
    path: 'network_interface.access_config',
    isMet: isAbsent,
    message: 'access_config gives it a public address',
  },
];

export const noPublicAddress: GateCheck = {
  id: 'GAT-002',
  title: 'No node or database has a public address',
  severity: 'error',
  rationale:
    'What has an address on the internet is found and tried within minutes, whatever firewall is in front of it today (PCI DSS 1.4.1, 1.4.4).',
  source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster',
  fix: 'keep it on private addresses',
  check: ({ resources }) =>
    resources.flatMap((resource) =>
      DEMANDS.filter(({ type }) => type === resource.type)
        .filter(({ path, isMet }) => !isMet(valuesAt(resource.body, path)))
        .map(({ message }) => ({ address: addressOf(resource), message })),
    ),
};
