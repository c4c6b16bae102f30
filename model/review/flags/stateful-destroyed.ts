import { kubernetesObject, resourceBefore, type ResourceChange } from '../resource-change';
import { actionVerb, isGone, type Flag } from './flag';

/** What holds data, keys, names or addresses that nothing brings back. */
const STATEFUL_RESOURCES: ReadonlySet<string> = new Set([
  'google_alloydb_cluster',
  'google_alloydb_instance',
  'google_artifact_registry_repository',
  'google_bigquery_dataset',
  'google_compute_address',
  'google_compute_global_address',
  'google_compute_network',
  'google_container_cluster',
  'google_dns_managed_zone',
  'google_kms_crypto_key',
  'google_kms_key_ring',
  'google_logging_project_bucket_config',
  'google_secret_manager_secret',
  'google_secret_manager_secret_version',
  'google_sql_database',
  'google_sql_database_instance',
  'google_storage_bucket',
]);
/** A namespace or a definition takes everything in it along. */
const STATEFUL_KINDS: ReadonlySet<string> = new Set([
  'CustomResourceDefinition',
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'StatefulSet',
]);

export const statefulDestroyed: Flag = {
  id: 'stateful-destroyed',
  severity: 'critical',
  title: 'Data, keys or addresses are destroyed',
  find: ({ changes }) =>
    changes
      .filter((change) => isGone(change) && isStateful(change))
      .map((change) => ({ what: actionVerb(change), where: change.address })),
};

function isStateful(change: ResourceChange): boolean {
  const resource = resourceBefore(change);
  const kind = resource && kubernetesObject(resource)?.kind;
  return STATEFUL_RESOURCES.has(change.type) || (kind !== undefined && STATEFUL_KINDS.has(kind));
}
