import type { Environment } from '../../model/environment';
import { environmentNamed } from '../support/catalogues';
import { objectsOf, synthEnvironment, type StackJson } from '../support/synth';

const prod = environmentNamed('prod');

/** Prod with a change to the environment file. */
function prodWith(change: { [key in keyof Environment]?: Partial<Environment[key]> }) {
  const changed = Object.fromEntries(
    Object.entries(change).map(([key, value]) => {
      const before = prod[key as keyof Environment];
      return [key, isRecord(before) && isRecord(value) ? { ...before, ...value } : value];
    }),
  );
  const stacks = synthEnvironment({ ...prod, ...changed });
  return (name: string): StackJson => stacks.get(`prod-${name}`) ?? ({} as StackJson);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function only(stack: StackJson, type: string): any {
  const resources = Object.values(stack.resource?.[type] ?? {});
  expect(resources).toHaveLength(1);
  return resources[0];
}

function countOf(stack: StackJson, type: string): number {
  return Object.keys(stack.resource?.[type] ?? {}).length;
}

describe('cluster.mode', () => {
  test('standard has a pool of shielded nodes with encrypted disks', () => {
    const stack = prodWith({})('cluster-and-asm');

    expect(only(stack, 'google_container_cluster')).toMatchObject({
      remove_default_node_pool: true,
      enable_shielded_nodes: true,
    });
    expect(only(stack, 'google_container_node_pool').node_config).toMatchObject({
      boot_disk_kms_key: '${google_kms_crypto_key.cluster_disks_key.id}',
      shielded_instance_config: { enable_secure_boot: true, enable_integrity_monitoring: true },
      spot: false,
    });
  });

  test('autopilot has no pool, and none of the arguments that it does not support', () => {
    const stack = prodWith({ cluster: { mode: 'autopilot' } })('cluster-and-asm');
    const cluster = only(stack, 'google_container_cluster');

    expect(countOf(stack, 'google_container_node_pool')).toBe(0);
    expect(cluster.enable_autopilot).toBe(true);
    expect(cluster.cluster_autoscaling.auto_provisioning_defaults.boot_disk_kms_key).toBe(
      '${google_kms_crypto_key.cluster_disks_key.id}',
    );
    for (const unsupported of ['remove_default_node_pool', 'enable_shielded_nodes', 'node_config'])
      expect(cluster).not.toHaveProperty(unsupported);
  });
});

describe.each(['alloydb', 'cloud-sql'] as const)('database.engine %s', (engine) => {
  const instanceType = engine === 'alloydb' ? 'google_alloydb_instance' : 'google_sql_database_instance';
  const network = (stack: StackJson) =>
    engine === 'alloydb'
      ? only(stack, 'google_alloydb_cluster').network_config
      : only(stack, instanceType).settings.ip_configuration.private_network;

  test('has a customer-managed key, backups and deletion protection', () => {
    const stack = prodWith({ database: { engine } })('data');

    expect(stack.resource?.['google_kms_crypto_key']?.['database_key']).toMatchObject({
      rotation_period: '7776000s',
      lifecycle: { prevent_destroy: true },
    });
    const holder = engine === 'alloydb' ? only(stack, 'google_alloydb_cluster') : only(stack, instanceType);
    expect(JSON.stringify(holder)).toContain('${google_kms_crypto_key.database_key.id}');
    expect(holder.lifecycle).toEqual({ prevent_destroy: true });
    expect(holder.depends_on).toEqual([expect.stringMatching(/^google_kms_crypto_key_iam_member\./)]);
    expect(holder.continuous_backup_config ?? holder.settings.backup_configuration).toMatchObject({
      enabled: true,
    });
    expect(JSON.stringify(stack)).not.toMatch(/enable_public_ip|"ipv4_enabled":true/);
  });

  test('rejects connections without TLS', () => {
    const instance = only(prodWith({ database: { engine } })('data'), instanceType);
    const { ssl_mode: sslMode } =
      instance.client_connection_config?.ssl_config ?? instance.settings.ip_configuration;

    expect(sslMode).toBe('ENCRYPTED_ONLY');
  });

  test('with private-service-connect, has one address in the network', () => {
    const stacks = prodWith({ database: { engine } });

    expect(only(stacks('data'), 'google_compute_forwarding_rule').target).toMatch(
      /service_attachment_link\}$/,
    );
    expect(countOf(stacks('network'), 'google_service_networking_connection')).toBe(0);
    expect(network(stacks('data'))).toBeUndefined();
    expect(databaseEntry(stacks('mesh-policies'))).toMatchObject({
      addresses: ['10.30.15.10'],
      resolution: 'STATIC',
    });
  });

  test('with private-services-access, is in the allocated range', () => {
    const stacks = prodWith({ database: { engine, connectivity: 'private-services-access' } });

    expect(countOf(stacks('data'), 'google_compute_forwarding_rule')).toBe(0);
    expect(only(stacks('network'), 'google_service_networking_connection').deletion_policy).toBe('ABANDON');
    expect(JSON.stringify(network(stacks('data')))).toContain('global/networks/shop-vpc');
    expect(databaseEntry(stacks('mesh-policies'))).toMatchObject({
      addresses: ['10.33.0.0/20'],
      resolution: 'NONE',
    });
    expect(
      JSON.stringify(objectsOf(stacks('mesh-policies')).get('order_management_access_v1_network_policy')),
    ).toContain('10.33.0.0/20');
    expect(
      stacks('network').resource?.['google_compute_network_firewall_policy_rule']?.['egress_allow_database']
        .match.dest_ip_ranges,
    ).toEqual(['10.33.0.0/20']);
  });
});

function databaseEntry(stack: StackJson): any {
  return objectsOf(stack).get('registry_database')?.spec;
}

test.each([true, false])('logs.locked %s is set on the bucket', (locked) => {
  const bucket = only(
    prodWith({ logs: { locked } })('observability'),
    'google_logging_project_bucket_config',
  );

  expect(bucket).toMatchObject({ locked, retention_days: 400, lifecycle: { prevent_destroy: true } });
});

test.each([
  ['off', 0, undefined, 'DISABLED'],
  ['audit', 1, 'DRYRUN_AUDIT_LOG_ONLY', 'PROJECT_SINGLETON_POLICY_ENFORCE'],
  ['required', 1, 'ENFORCED_BLOCK_AND_AUDIT_LOG', 'PROJECT_SINGLETON_POLICY_ENFORCE'],
] as const)('images.attestation %s', (attestation, policies, enforcement, mode) => {
  const stack = prodWith({ images: { attestation } })('cluster-and-asm');

  expect(countOf(stack, 'google_binary_authorization_policy')).toBe(policies);
  expect(only(stack, 'google_container_cluster').binary_authorization.evaluation_mode).toBe(mode);
  const [policy] = Object.values(stack.resource?.['google_binary_authorization_policy'] ?? {});
  expect(policy?.default_admission_rule.enforcement_mode).toBe(enforcement);
});

test.each([
  [undefined, 'NORMAL'],
  ['2026-02-01', 'VERBOSE'],
] as const)('edge.verboseLogsUntil %s', (verboseLogsUntil, logLevel) => {
  const policy = only(prodWith({ edge: { verboseLogsUntil } })('network'), 'google_compute_security_policy');
  expect(policy.advanced_options_config.log_level).toBe(logLevel);
});

test.each([
  ['preview', true],
  ['enforce', false],
] as const)('edge.firewallMode %s', (firewallMode, preview) => {
  const policy = only(prodWith({ edge: { firewallMode } })('network'), 'google_compute_security_policy');
  const denying = policy.rule.filter(({ action }: any) => action !== 'allow');

  const webhooks = denying.filter(({ description }: any) => description.includes('webhook'));
  expect(denying).toHaveLength(11 + webhooks.length);
  expect(denying.filter((rule: any) => rule.preview !== preview)).toEqual([]);
});

test('without dns.publicZone the records are an output', () => {
  const stack = prodWith({ dns: { publicZone: undefined } })('network');

  expect(
    Object.values(stack.output?.['edge_names_records'].value).map(({ name, type }: any) => [name, type]),
  ).toEqual(
    expect.arrayContaining([
      ['www.shop.example.', 'A'],
      ['api.shop.example.', 'A'],
    ]),
  );
  expect(stack.resource?.['google_dns_managed_zone']).not.toHaveProperty('edge_names_zone');
});
