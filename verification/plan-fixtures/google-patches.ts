/** Google resources that the shop lacks or configures differently, as a changed construct might. */
import type { StackFile } from './variant';

type Values = Record<string, unknown>;

const bucket = (more: Values): Values => ({
  name: 'shop-test-archive',
  project: 'shop-test-example',
  location: 'europe-west1',
  uniform_bucket_level_access: true,
  ...more,
});

const database = (ipv4Enabled: boolean): Values => ({
  name: 'reports',
  project: 'shop-test-example',
  database_version: 'POSTGRES_17',
  region: 'europe-west1',
  deletion_protection: true,
  settings: {
    tier: 'db-custom-2-8192',
    edition: 'ENTERPRISE',
    ip_configuration: { ipv4_enabled: ipv4Enabled, ssl_mode: 'ENCRYPTED_ONLY', ...privateNetwork },
  },
});
const privateNetwork: Values = { private_network: 'projects/shop-test-example/global/networks/shop-vpc' };

function add(stack: StackFile, resources: Readonly<Record<string, Readonly<Record<string, Values>>>>): void {
  for (const [type, named] of Object.entries(resources))
    stack.resource[type] = { ...stack.resource[type], ...named };
}

/** A bucket with a locked retention, and a database without a public address. */
export const protectionOn = (stack: StackFile): void =>
  add(stack, {
    google_storage_bucket: {
      archive: bucket({
        force_destroy: false,
        public_access_prevention: 'enforced',
        retention_policy: { is_locked: true, retention_period: 86_400 },
      }),
    },
    google_sql_database_instance: { reports: database(false) },
  });

/** The same resources without their protection, and an additional role. */
export const withoutProtection = (stack: StackFile): void =>
  add(stack, {
    google_storage_bucket: {
      archive: bucket({
        force_destroy: true,
        public_access_prevention: 'inherited',
        retention_policy: { is_locked: false, retention_period: 86_400 },
      }),
    },
    google_sql_database_instance: { reports: database(true) },
    google_project_iam_member: {
      analysts: {
        project: 'shop-test-example',
        role: 'roles/storage.objectViewer',
        member: 'group:analysts@shop.example',
      },
    },
  });

/** Adds a bucket to the stack. */
export function withArchiveAlone(stack: StackFile): void {
  add(stack, { google_storage_bucket: { archive: bucket({ public_access_prevention: 'enforced' }) } });
  withoutReadinessGate(stack);
}

/** The resource that waits for the mesh has no state that could be derived from a plan. */
function withoutReadinessGate({ resource }: StackFile): void {
  Reflect.deleteProperty(resource, 'terraform_data');
}

const channel = (name: string): Values => ({
  display_name: name,
  project: 'shop-test-example',
  type: 'email',
  labels: { email_address: name.replace(/^.*: /, '') },
});

/** Release channel, change freeze, nodes, logs and recipients as they should be. */
export function settingsOn(stack: StackFile): void {
  withoutReadinessGate(stack);
  const cluster = stack.resource['google_container_cluster']?.['cluster'];
  if (cluster === undefined) {
    const channels = {
      page: channel('page: night@shop.example'),
      ticket: channel('ticket: day@shop.example'),
    };
    add(stack, { google_monitoring_notification_channel: channels });
    return;
  }
  freeze(cluster, 'STABLE', [
    {
      exclusion_name: 'holidays',
      start_time: '2026-11-20T00:00:00Z',
      end_time: '2026-12-27T00:00:00Z',
      exclusion_options: { scope: 'NO_UPGRADES' },
    },
  ]);
}

/** The same with each of them weakened; another address receives the pages, and none the tickets. */
export function settingsOff(stack: StackFile): void {
  withoutReadinessGate(stack);
  const cluster = stack.resource['google_container_cluster']?.['cluster'];
  if (cluster === undefined) {
    add(stack, { google_monitoring_notification_channel: { other: channel('page: other@shop.example') } });
    (stack.resource['google_compute_router_nat']?.['network_nat'] ?? {})['log_config'] = {
      enable: false,
      filter: 'ALL',
    };
    return;
  }
  freeze(cluster, 'RAPID', []);
  const nodes = stack.resource['google_container_node_pool']?.['cluster_nodes'];
  if (nodes === undefined) throw new Error("the stack has no 'cluster_nodes'");
  nodes['autoscaling'] = { min_node_count: 1, max_node_count: 1 };
}

function freeze(cluster: Values, release: string, exclusions: readonly Values[]): void {
  cluster['release_channel'] = { channel: release };
  cluster['maintenance_policy'] = {
    ...(cluster['maintenance_policy'] as Values),
    ...(exclusions.length > 0 && { maintenance_exclusion: exclusions }),
  };
}
