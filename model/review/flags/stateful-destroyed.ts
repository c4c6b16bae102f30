import { parseManifest, resourceBefore, type ResourceChange } from '../resource-change';
import { describeDestruction, isDestroyed, type Flag } from './flag';

/** Resources that hold data, keys, names or addresses, which cannot be restored. */
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
/** Deleting a namespace or a definition deletes everything in it. */
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
  title: 'Stateful resource destroyed',
  find: ({ changes }) =>
    changes
      .filter((change) => isDestroyed(change) && isStateful(change))
      .map((change) => ({ message: describeDestruction(change), location: change.address })),
};

function isStateful(change: ResourceChange): boolean {
  const resource = resourceBefore(change);
  const kind = resource && parseManifest(resource)?.kind;
  return STATEFUL_RESOURCES.has(change.type) || (kind !== undefined && STATEFUL_KINDS.has(kind));
}
