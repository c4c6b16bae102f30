/** Settings of data, keys, secrets, logs and the rollback controller. */
import type { WatchedField, WatchedType } from './watched';

const platform = (path: string, label: string): WatchedField => ({ path, label, topic: 'platform' });
const evidence = (path: string, label: string, weaker: WatchedField['weaker']): WatchedField => ({
  path,
  label,
  topic: 'evidence',
  ...(weaker !== undefined && { weaker }),
});
const OFF_ON = ['none', 'false', 'true'];
const isOn = (path: string, label: string): WatchedField => ({
  path,
  label,
  topic: 'evidence',
  order: OFF_ON,
});
const AVAILABILITY = ['none', 'AVAILABILITY_TYPE_UNSPECIFIED', 'ZONAL', 'REGIONAL'];
const SSL_MODES = [
  'none',
  'SSL_MODE_UNSPECIFIED',
  'ALLOW_UNENCRYPTED_AND_ENCRYPTED',
  'ENCRYPTED_ONLY',
  'TRUSTED_CLIENT_CERTIFICATE_REQUIRED',
];

export const DATA_TYPES: Readonly<Record<string, WatchedType>> = {
  google_alloydb_cluster: {
    existence: { label: 'database cluster', topic: 'platform' },
    fields: [
      isOn('automated_backup_policy.enabled', 'daily backups'),
      evidence(
        'automated_backup_policy.time_based_retention.retention_period',
        'retention of backups',
        'lower',
      ),
      isOn('continuous_backup_config.enabled', 'point-in-time recovery'),
      evidence('continuous_backup_config.recovery_window_days', 'recovery window in days', 'lower'),
      { path: 'encryption_config.kms_key_name', label: 'key of the database', topic: 'platform' },
    ],
  },
  google_alloydb_instance: {
    existence: { label: 'database', topic: 'platform' },
    fields: [
      {
        path: 'availability_type',
        label: 'availability of the database',
        topic: 'capacity',
        order: AVAILABILITY,
      },
      {
        path: 'machine_config.cpu_count',
        label: 'vCPUs of the database',
        topic: 'capacity',
        weaker: 'lower',
      },
      {
        path: 'client_connection_config.ssl_config.ssl_mode',
        label: 'TLS of the database',
        topic: 'mtls',
        order: SSL_MODES,
      },
      { path: 'database_flags', label: 'flags of the database', topic: 'platform' },
      {
        path: 'psc_instance_config.allowed_consumer_projects',
        label: 'projects with access to the database',
        topic: 'connection',
        weaker: 'more',
      },
    ],
  },
  google_alloydb_user: {
    existence: { label: 'database user', topic: 'permission' },
    fields: [
      { path: 'database_roles', label: 'roles of the database user', topic: 'permission', weaker: 'more' },
    ],
  },
  google_sql_database_instance: {
    existence: { label: 'database', topic: 'platform' },
    fields: [
      {
        path: 'settings.availability_type',
        label: 'availability of the database',
        topic: 'capacity',
        order: AVAILABILITY,
      },
      { path: 'settings.tier', label: 'machine type of the database', topic: 'platform' },
      isOn('settings.backup_configuration.enabled', 'daily backups'),
      isOn('settings.backup_configuration.point_in_time_recovery_enabled', 'point-in-time recovery'),
      evidence(
        'settings.backup_configuration.backup_retention_settings.retained_backups',
        'retention of backups in days',
        'lower',
      ),
      evidence(
        'settings.backup_configuration.transaction_log_retention_days',
        'recovery window in days',
        'lower',
      ),
      {
        path: 'settings.ip_configuration.ssl_mode',
        label: 'TLS of the database',
        topic: 'mtls',
        order: SSL_MODES,
      },
      { path: 'settings.database_flags', label: 'flags of the database', topic: 'platform' },
    ],
  },
  google_sql_user: { existence: { label: 'database user', topic: 'permission' }, fields: [] },
  google_kms_key_ring: { existence: { label: 'key ring', topic: 'platform' }, fields: [] },
  google_kms_crypto_key: {
    existence: { label: 'key', topic: 'platform' },
    fields: [
      { path: 'rotation_period', label: 'rotation period of the key', topic: 'protection', weaker: 'higher' },
      {
        path: 'version_template.protection_level',
        label: 'protection level of the key',
        topic: 'protection',
        order: ['none', 'SOFTWARE', 'EXTERNAL', 'EXTERNAL_VPC', 'HSM'],
      },
    ],
  },
  google_secret_manager_secret: {
    existence: { label: 'secret', topic: 'platform' },
    fields: [
      {
        path: 'rotation.rotation_period',
        label: 'rotation period of the secret',
        topic: 'protection',
        weaker: 'higher',
      },
      platform('replication', 'location and key of the secret'),
      {
        path: 'version_destroy_ttl',
        label: 'delay before a destroyed version is lost',
        topic: 'protection',
        weaker: 'lower',
      },
    ],
  },
  google_logging_project_bucket_config: {
    existence: { label: 'log bucket', topic: 'evidence', isLoss: true },
    fields: [
      evidence('retention_days', 'retention of evidence logs in days', 'lower'),
      platform('cmek_settings.kms_key_name', 'key of evidence logs'),
    ],
  },
  google_logging_project_sink: {
    existence: { label: 'log sink', topic: 'evidence', isLoss: true },
    fields: [
      platform('filter', 'logs kept as evidence'),
      platform('destination', 'destination of the logs'),
      evidence('exclusions', 'logs left out', 'more'),
      { path: 'disabled', label: 'log sink disabled', topic: 'evidence', order: ['true', 'none', 'false'] },
    ],
  },
  google_logging_project_exclusion: {
    existence: { label: 'exclusion of logs', topic: 'evidence' },
    fields: [platform('filter', 'logs that are stored nowhere')],
  },
  google_logging_metric: {
    existence: { label: 'metric of logs', topic: 'evidence', isLoss: true },
    fields: [platform('filter', 'counted log entries')],
  },
  google_project_iam_audit_config: {
    existence: { label: 'audit logs', topic: 'evidence', isLoss: true },
    fields: [evidence('audit_log_config', 'kinds of audit logs', 'fewer')],
  },
  google_pubsub_topic: {
    existence: { label: 'topic', topic: 'platform' },
    fields: [platform('message_storage_policy.allowed_persistence_regions', 'regions of messages')],
  },
  google_pubsub_subscription: { existence: { label: 'subscription', topic: 'platform' }, fields: [] },
  google_workflows_workflow: {
    existence: { label: 'workflow', topic: 'protection', isLoss: true },
    fields: [{ ...platform('source_contents', 'steps of the workflow'), isLong: true }],
  },
  google_eventarc_trigger: {
    existence: { label: 'trigger of the rollback controller', topic: 'protection', isLoss: true },
    fields: [],
  },
  google_cloud_scheduler_job: {
    existence: { label: 'schedule of the rollback controller', topic: 'protection', isLoss: true },
    fields: [
      platform('schedule', 'schedule'),
      { path: 'paused', label: 'schedule paused', topic: 'protection', order: ['true', 'none', 'false'] },
    ],
  },
  google_service_account: {
    existence: { label: 'service account', topic: 'permission' },
    fields: [platform('disabled', 'service account disabled')],
  },
  google_cloudbuild_trigger: {
    existence: { label: 'pipeline of the rollback controller', topic: 'protection', isLoss: true },
    fields: [
      { path: 'service_account', label: 'account of the pipeline', topic: 'permission' },
      platform('source_to_build', 'source of the pipeline'),
      platform('git_file_source', 'steps of the pipeline'),
    ],
  },
  google_project_service: { existence: { label: 'Google API', topic: 'platform' }, fields: [] },
};
