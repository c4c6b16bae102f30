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
  // The resource that waits for the mesh has no state that could be derived from a plan.
  Reflect.deleteProperty(stack.resource, 'terraform_data');
}
