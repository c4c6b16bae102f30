/** Settings of the cluster, its nodes and what they may run. */
import type { WatchedField, WatchedType } from './watched';

const OFF_ON = ['none', 'false', 'true'];
const protects = (path: string, label: string, order: readonly string[] = OFF_ON): WatchedField => ({
  path,
  label,
  topic: 'protection',
  order,
});
const platform = (path: string, label: string): WatchedField => ({ path, label, topic: 'platform' });

const NODE_PROTECTIONS: readonly WatchedField[] = [
  protects('node_config.shielded_instance_config.enable_secure_boot', 'secure boot of nodes'),
  protects(
    'node_config.shielded_instance_config.enable_integrity_monitoring',
    'integrity monitoring of nodes',
  ),
  protects('node_config.workload_metadata_config.mode', 'metadata server of nodes', [
    'none',
    'GCE_METADATA',
    'GKE_METADATA',
  ]),
];

export const CLUSTER_TYPES: Readonly<Record<string, WatchedType>> = {
  google_container_cluster: {
    existence: { label: 'cluster', topic: 'platform' },
    fields: [
      {
        path: 'release_channel.channel',
        label: 'release channel',
        topic: 'upgrades',
        order: ['none', 'UNSPECIFIED', 'RAPID', 'REGULAR', 'STABLE', 'EXTENDED'],
      },
      { path: 'maintenance_policy.recurring_window', label: 'maintenance window', topic: 'upgrades' },
      {
        path: 'maintenance_policy.maintenance_exclusion',
        label: 'maintenance exclusions',
        topic: 'upgrades',
        weaker: 'fewer',
      },
      protects('binary_authorization.evaluation_mode', 'Binary Authorization', [
        'none',
        'DISABLED',
        'PROJECT_SINGLETON_POLICY_ENFORCE',
      ]),
      protects('database_encryption.state', 'encryption of Kubernetes Secrets', [
        'none',
        'DECRYPTED',
        'ENCRYPTED',
      ]),
      protects('anonymous_authentication_config.mode', 'limit of anonymous requests', [
        'none',
        'ENABLED',
        'LIMITED',
      ]),
      protects('enable_shielded_nodes', 'shielded nodes'),
      protects(
        'master_auth.client_certificate_config.issue_client_certificate',
        'client certificate of the cluster',
        ['none', 'true', 'false'],
      ),
      protects('datapath_provider', 'enforcement of NetworkPolicies', [
        'none',
        'LEGACY_DATAPATH',
        'ADVANCED_DATAPATH',
      ]),
      protects(
        'rbac_binding_config.enable_insecure_binding_system_authenticated',
        'roles for every account',
        ['none', 'true', 'false'],
      ),
      protects(
        'rbac_binding_config.enable_insecure_binding_system_unauthenticated',
        'roles for unknown clients',
        ['none', 'true', 'false'],
      ),
      protects('security_posture_config.mode', 'security posture dashboard', ['none', 'DISABLED', 'BASIC']),
      {
        path: 'authenticator_groups_config.security_group',
        label: 'group of RBAC groups',
        topic: 'permission',
      },
      {
        path: 'workload_identity_config.workload_pool',
        label: 'workload identity pool',
        topic: 'permission',
      },
      {
        path: 'logging_config.enable_components',
        label: 'logs of the cluster',
        topic: 'evidence',
        weaker: 'fewer',
      },
      {
        path: 'monitoring_config.enable_components',
        label: 'metrics of the cluster',
        topic: 'evidence',
        weaker: 'fewer',
      },
      {
        path: 'control_plane_endpoints_config.dns_endpoint_config.allow_external_traffic',
        label: 'DNS endpoint for clients outside of Google Cloud',
        topic: 'connection',
        order: ['true', 'none', 'false'],
      },
      { path: 'node_locations', label: 'zones', topic: 'capacity', weaker: 'fewer' },
      platform('secret_manager_config.enabled', 'Secret Manager add-on'),
      platform('gateway_api_config.channel', 'Gateway API'),
      ...NODE_PROTECTIONS,
    ],
  },
  google_container_node_pool: {
    existence: { label: 'node pool', topic: 'capacity', isLoss: true },
    fields: [
      platform('node_config.machine_type', 'machine type of nodes'),
      platform('node_config.disk_size_gb', 'disk size of nodes in GB'),
      platform('node_config.image_type', 'image of nodes'),
      { path: 'node_config.spot', label: 'spot nodes', topic: 'capacity', order: ['true', 'none', 'false'] },
      { path: 'autoscaling.min_node_count', label: 'least nodes a zone', topic: 'capacity', weaker: 'lower' },
      { path: 'autoscaling.max_node_count', label: 'most nodes a zone', topic: 'capacity', weaker: 'lower' },
      { path: 'node_locations', label: 'zones of nodes', topic: 'capacity', weaker: 'fewer' },
      {
        path: 'management.auto_upgrade',
        label: 'automatic upgrades of nodes',
        topic: 'upgrades',
        order: OFF_ON,
      },
      {
        path: 'management.auto_repair',
        label: 'automatic repair of nodes',
        topic: 'capacity',
        order: OFF_ON,
      },
      {
        path: 'upgrade_settings.max_unavailable',
        label: 'nodes missing during upgrades',
        topic: 'capacity',
        weaker: 'higher',
      },
      protects(
        'node_config.kubelet_config.insecure_kubelet_readonly_port_enabled',
        'read-only port of the kubelet',
        ['none', 'TRUE', 'FALSE'],
      ),
      {
        path: 'node_config.oauth_scopes',
        label: 'OAuth scopes of nodes',
        topic: 'permission',
        weaker: 'more',
      },
      ...NODE_PROTECTIONS,
    ],
  },
  google_binary_authorization_policy: {
    existence: { label: 'Binary Authorization policy', topic: 'protection', isLoss: true },
    fields: [
      protects('default_admission_rule.enforcement_mode', 'enforcement of attestations', [
        'none',
        'DRYRUN_AUDIT_LOG_ONLY',
        'ENFORCED_BLOCK_AND_AUDIT_LOG',
      ]),
      protects('default_admission_rule.evaluation_mode', 'admission of images', [
        'none',
        'ALWAYS_ALLOW',
        'REQUIRE_ATTESTATION',
        'ALWAYS_DENY',
      ]),
      {
        path: 'default_admission_rule.require_attestations_by',
        label: 'required attestors',
        topic: 'protection',
        weaker: 'fewer',
      },
      {
        path: 'admission_whitelist_patterns',
        label: 'images admitted without attestation',
        topic: 'protection',
        weaker: 'more',
      },
    ],
  },
  google_binary_authorization_attestor: {
    existence: { label: 'attestor', topic: 'protection', isLoss: true },
    fields: [
      {
        path: 'attestation_authority_note.public_keys',
        label: 'keys of the attestor',
        topic: 'permission',
        isLong: true,
      },
    ],
  },
  google_container_analysis_note: {
    existence: { label: 'note of the attestor', topic: 'protection', isLoss: true },
    fields: [],
  },
  google_artifact_registry_repository: {
    existence: { label: 'image repository', topic: 'platform' },
    fields: [
      platform('remote_repository_config.docker_repository', 'source of mirrored images'),
      {
        path: 'vulnerability_scanning_config.enablement_config',
        label: 'vulnerability scan of images',
        topic: 'protection',
        order: ['DISABLED', 'none', 'INHERITED'],
      },
    ],
  },
  google_gke_hub_feature: {
    existence: { label: 'fleet feature', topic: 'protection', isLoss: true },
    fields: [],
  },
  google_gke_hub_feature_membership: {
    existence: { label: 'service mesh of the cluster', topic: 'protection', isLoss: true },
    fields: [
      platform('mesh.management', 'management of the mesh'),
      platform('mesh.control_plane', 'control plane of the mesh'),
    ],
  },
  helm_release: {
    existence: { label: 'chart', topic: 'platform' },
    fields: [platform('version', 'chart version'), { ...platform('values', 'chart values'), isLong: true }],
  },
};
