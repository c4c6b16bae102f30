import { addressOf, valuesAt, type GateCheck, type JsonValue } from '../gate-check';

/** Paths of the key, by resource type that stores data. Each group needs a key at one of its paths. */
const KEY_PLACES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  google_alloydb_backup: [['encryption_config.kms_key_name']],
  google_alloydb_cluster: [
    ['encryption_config.kms_key_name'],
    ['automated_backup_policy.encryption_config.kms_key_name'],
    ['continuous_backup_config.encryption_config.kms_key_name'],
  ],
  google_artifact_registry_repository: [['kms_key_name']],
  google_bigquery_dataset: [['default_encryption_configuration.kms_key_name']],
  google_bigquery_table: [['encryption_configuration.kms_key_name']],
  google_cloud_run_v2_job: [['template.template.encryption_key']],
  google_cloud_run_v2_service: [['template.encryption_key']],
  google_cloudfunctions2_function: [['kms_key_name']],
  google_compute_disk: [['disk_encryption_key.kms_key_self_link']],
  google_container_cluster: [['database_encryption.key_name']],
  google_container_node_pool: [['node_config.boot_disk_kms_key']],
  google_eventarc_channel: [['crypto_key_name']],
  google_filestore_instance: [['kms_key_name']],
  google_logging_project_bucket_config: [['cmek_settings.kms_key_name']],
  google_pubsub_topic: [['kms_key_name']],
  google_redis_instance: [['customer_managed_key']],
  google_secret_manager_secret: [
    [
      'replication.user_managed.replicas.customer_managed_encryption.kms_key_name',
      'replication.auto.customer_managed_encryption.kms_key_name',
    ],
  ],
  google_spanner_database: [['encryption_config.kms_key_name']],
  google_sql_database_instance: [['encryption_key_name']],
  google_storage_bucket: [['encryption.default_kms_key_name']],
  google_workflows_workflow: [['crypto_key_name']],
};

export const customerManagedKeys: GateCheck = {
  id: 'GAT-006',
  title: 'Data is encrypted with customer-managed keys',
  severity: 'error',
  rationale:
    'Only a customer-managed key can be rotated, audited, and disabled to make data unreadable (PCI DSS 3.6.1, 3.7.5).',
  source: 'https://cloud.google.com/kms/docs/compatible-services',
  fix: 'set it to the id of an EncryptionKey',
  check: ({ resources }) =>
    resources.flatMap((resource) =>
      (KEY_PLACES[resource.type] ?? [])
        .filter((places) => !places.some((place) => isKey(valuesAt(resource.body, place))))
        .filter(([place = '']) => isUsed(resource.body, place))
        .map(([place = '']) => ({ address: addressOf(resource), message: `${place} is missing` })),
    ),
};

function isKey(values: readonly JsonValue[]): boolean {
  return values.length > 0 && values.every((value) => typeof value === 'string' && value !== '');
}

/** Without a backup policy Google's default applies, which uses the cluster's key. */
function isUsed(body: JsonValue, place: string): boolean {
  const [block = ''] = place.split('.');
  return !block.endsWith('_backup_policy') || valuesAt(body, block).length > 0;
}
