import type { Environment } from '../../../model/environment';
import { synthEnvironment, type StackJson } from '../synth';

/** Paths of the encryption key, by type of stateful resource. */
function keyPaths({ cluster, database }: Environment): Readonly<Record<string, readonly string[]>> {
  return {
    ...(database.engine === 'alloydb'
      ? {
          google_alloydb_cluster: [
            'encryption_config.kms_key_name',
            'automated_backup_policy.encryption_config.kms_key_name',
            'continuous_backup_config.encryption_config.kms_key_name',
          ],
        }
      : { google_sql_database_instance: ['encryption_key_name'] }),
    google_artifact_registry_repository: ['kms_key_name'],
    ...(cluster.mode === 'standard'
      ? {
          google_container_cluster: ['database_encryption.key_name', 'node_config.boot_disk_kms_key'],
          google_container_node_pool: ['node_config.boot_disk_kms_key'],
        }
      : {
          google_container_cluster: [
            'database_encryption.key_name',
            'cluster_autoscaling.auto_provisioning_defaults.boot_disk_kms_key',
          ],
        }),
    google_logging_project_bucket_config: ['cmek_settings.kms_key_name'],
    google_pubsub_topic: ['kms_key_name'],
    google_secret_manager_secret: [
      'replication.user_managed.replicas.0.customer_managed_encryption.kms_key_name',
    ],
  };
}

function at(value: any, path: string): unknown {
  return path.split('.').reduce((inner, key) => inner?.[key], value);
}

/** Audits encryption, protection from deletion, and public access of what Google Cloud runs. */
export function auditHardening(environment: Environment): void {
  const keysOf = keyPaths(environment);
  const stacks = [...synthEnvironment(environment).values()];
  const resources = (type: string): any[] =>
    stacks.flatMap((stack: StackJson) => Object.values(stack.resource?.[type] ?? {}));
  const only = (type: string): any => {
    expect(resources(type)).toHaveLength(1);
    return resources(type)[0];
  };

  test.each(Object.entries(keysOf))('%s uses a key of its own stack', (type, paths) => {
    expect(resources(type)).not.toEqual([]);
    for (const resource of resources(type)) {
      for (const path of paths) {
        const [, key] = /^\$\{google_kms_crypto_key\.([a-z_]+)\.id\}$/.exec(String(at(resource, path))) ?? [];
        const owner = stacks.find((stack) => Object.values(stack.resource?.[type] ?? {}).includes(resource));
        expect([path, Object.keys(owner?.resource?.['google_kms_crypto_key'] ?? {})]).toEqual([
          path,
          expect.arrayContaining([key]),
        ]);
      }
    }
  });

  test('every resource with a key depends on the grant', () => {
    for (const type of Object.keys(keysOf).filter((name) => name !== 'google_container_node_pool')) {
      for (const resource of resources(type))
        expect(resource.depends_on).toContainEqual(
          expect.stringMatching(/^google_kms_crypto_key_iam_member\./),
        );
    }
  });

  test('in production keys and the data that they encrypt are protected from destroy', () => {
    const stateful = [
      'google_kms_key_ring',
      'google_kms_crypto_key',
      ...(environment.database.engine === 'alloydb'
        ? ['google_alloydb_cluster', 'google_alloydb_instance']
        : ['google_sql_database_instance']),
      'google_logging_project_bucket_config',
      'google_secret_manager_secret',
    ].flatMap(resources);

    expect(stateful.length).toBeGreaterThan(5);
    for (const { lifecycle } of stateful) expect(lifecycle.prevent_destroy).toBe(environment.production);
    expect(only('google_container_cluster').deletion_protection).toBe(environment.deletionProtection);
  });

  test('every secret in use has a rotation period, and its notices do not expire with the subscription', () => {
    const usesCertificate = environment.ingress.hopEncryption === 'certificate';
    const used = resources('google_secret_manager_secret').filter(
      ({ secret_id: id }) => usesCertificate || !id.startsWith('ingress-gateway-'),
    );
    for (const { topics, rotation, lifecycle } of used) {
      expect(topics).toEqual([{ name: '${google_pubsub_topic.secrets_rotation_topic.id}' }]);
      expect(rotation.rotation_period).toBe('7776000s');
      expect(lifecycle.ignore_changes).toEqual(['rotation[0].next_rotation_time']);
    }
    expect(only('google_pubsub_subscription').expiration_policy).toEqual({ ttl: '' });
  });

  test('the database accepts encrypted connections with IAM logins only', () => {
    if (environment.database.engine === 'alloydb') {
      const instance = only('google_alloydb_instance');
      expect(instance.client_connection_config.ssl_config.ssl_mode).toBe('ENCRYPTED_ONLY');
      expect(instance.database_flags['alloydb.iam_authentication']).toBe('on');
      expect(JSON.stringify(resources('google_alloydb_user'))).not.toMatch(/password|BUILT_IN/);
    } else {
      const { settings } = only('google_sql_database_instance');
      expect(settings.ip_configuration).toMatchObject({ ssl_mode: 'ENCRYPTED_ONLY', ipv4_enabled: false });
      expect(settings.database_flags).toContainEqual({ name: 'cloudsql.iam_authentication', value: 'on' });
      const users = resources('google_sql_user');
      expect(users).toHaveLength(environment.services.filter(({ database }) => database).length);
      for (const user of users) {
        expect(user.type).toBe('CLOUD_IAM_SERVICE_ACCOUNT');
        expect(user).not.toHaveProperty('password');
      }
    }
  });

  test('nodes and control plane have no public address', () => {
    const cluster = only('google_container_cluster');

    expect(cluster.private_cluster_config).toEqual({
      enable_private_nodes: true,
      enable_private_endpoint: true,
    });
    expect(cluster.control_plane_endpoints_config.ip_endpoints_config).toEqual({ enabled: false });
    expect(only('google_compute_network').auto_create_subnetworks).toBe(false);
    expect(only('google_compute_subnetwork')).toMatchObject({
      private_ip_google_access: true,
      log_config: { metadata: 'INCLUDE_ALL_METADATA' },
    });
    expect(only('google_compute_router_nat')).toMatchObject({
      nat_ip_allocate_option: 'MANUAL_ONLY',
      log_config: { enable: true, filter: 'ALL' },
    });
  });

  test('the edge requires TLS 1.2 or newer and has DNSSEC', () => {
    expect(only('google_compute_ssl_policy')).toMatchObject({
      profile: 'RESTRICTED',
      min_tls_version: 'TLS_1_2',
    });
    const publicZones = resources('google_dns_managed_zone').filter(
      ({ visibility }) => visibility !== 'private',
    );
    expect(publicZones).toHaveLength(environment.dns.publicZone === undefined ? 0 : 1);
    for (const zone of publicZones) expect(zone.dnssec_config).toEqual({ state: 'on' });
  });

  test('no basic roles and no grants to all users', () => {
    const grants = stacks.flatMap((stack) =>
      Object.entries(stack.resource ?? {}).flatMap(([type, found]) =>
        type.includes('_iam_') && !type.endsWith('_audit_config') ? Object.values(found) : [],
      ),
    );

    expect(grants.length).toBeGreaterThan(10);
    for (const { role, member } of grants) {
      expect(role).not.toMatch(/^roles\/(owner|editor|viewer)$/);
      expect(member).toMatch(/^(serviceAccount|principal|\$\{google_service_account)/);
    }
  });

  test('destroying the network stack disables no API', () => {
    const apis = resources('google_project_service');

    expect(apis.length).toBeGreaterThan(10);
    for (const service of apis) expect(service.disable_on_destroy).toBe(false);
  });

  test('where images need an attestation, images of others come from Google and from mirrors of the project', () => {
    const policies = resources('google_binary_authorization_policy');
    expect(policies).toHaveLength(environment.images.attestation === 'off' ? 0 : 1);
    for (const policy of policies) {
      expect(policy.global_policy_evaluation_mode).toBe('ENABLE');
      expect(policy.default_admission_rule.evaluation_mode).toBe('REQUIRE_ATTESTATION');
      const mirrors = `${environment.region}-docker.pkg.dev/${environment.project.id}/`;
      for (const { name_pattern: pattern } of policy.admission_whitelist_patterns)
        if (!pattern.startsWith(mirrors))
          expect(['gcr.io/gke-release/asm/*', 'gke.gcr.io/**']).toContain(pattern);
    }
  });
}
