/** The sections of an environment file about database, keys, secrets, logs, Kiali and the rollback controller. */
import { z } from 'zod';

export const database = z
  .strictObject({
    engine: z.enum(['alloydb', 'cloud-sql']).default('alloydb').describe('Changing it does not move data.'),
    connectivity: z
      .enum(['private-service-connect', 'private-services-access'])
      .default('private-service-connect')
      .describe(
        'private-services-access peers networks, and the peering can outlive the database. Changing it replaces the database.',
      ),
    resourceName: z
      .string()
      .regex(/^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/, 'must be lower-case letters, digits and dashes, at most 20')
      .default('orders')
      .describe(
        "Name of the AlloyDB cluster or Cloud SQL instance, after the mesh's name and a dash. Changing it replaces the database.",
      ),
    databaseName: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be lower-case letters, digits and underscores')
      .default('postgres')
      .describe(
        "Database that the services connect to, in PGDATABASE. 'postgres' exists from the start; create others with SQL before you name them here.",
      ),
    cpuCount: z.int().min(1).max(128).describe('vCPUs of the primary. Changing it restarts the database.'),
    availability: z
      .enum(['regional', 'zonal'])
      .default('regional')
      .describe('zonal has no standby, so a zone failure is an outage.'),
    backupRetentionDays: z
      .int()
      .min(7)
      .max(365)
      .default(35)
      .describe('Retention of daily backups, in days. Storage is billed.'),
    recoveryWindowDays: z
      .int()
      .min(1)
      .max(35)
      .default(14)
      .describe('Window for point-in-time recovery, in days.'),
  })
  .describe('PostgreSQL database of the services with database: true.');

export const keys = z
  .strictObject({
    ring: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be letters, digits, _ or -')
      .default('mesh')
      .describe(
        'Name of the key ring. A key ring cannot be deleted and its name cannot be reused, so a rebuilt environment needs a new name.',
      ),
    rotationDays: z
      .int()
      .min(1)
      .max(365)
      .default(90)
      .describe('Rotation period of keys, in days. Old versions still decrypt existing data.'),
    protection: z
      .enum(['SOFTWARE', 'HSM'])
      .default('SOFTWARE')
      .describe('HSM stores keys in hardware, at a higher price per operation.'),
  })
  .prefault({})
  .describe('Customer-managed keys for all data at rest.');

export const secrets = z
  .strictObject({
    rotationDays: z
      .int()
      .min(1)
      .max(365)
      .default(90)
      .describe(
        'Rotation period of each secret, in days. A ticket is due each time; people create the new value.',
      ),
  })
  .prefault({})
  .describe('Secrets in Secret Manager.');

export const logs = z
  .strictObject({
    retentionDays: z
      .int()
      .min(1)
      .max(3_650)
      .default(400)
      .describe('Retention of evidence logs, in days. PCI DSS 10.5.1 requires a year. Storage is billed.'),
    locked: z
      .boolean()
      .optional()
      .describe(
        'true cannot be undone: nobody, not even a project owner, can shorten the retention or delete the bucket before its logs expire. Production must state it. Default elsewhere: false.',
      ),
  })
  .prefault({})
  .describe('Log bucket for audit, access and network logs.');

export const traces = z
  .strictObject({
    samplingPercent: z
      .number()
      .min(0.01)
      .max(100)
      .default(1)
      .describe(
        'Share of the requests that the proxies trace. For each, the proxies of caller and callee write a span, which is billed.',
      ),
  })
  .prefault({})
  .describe('Distributed traces in Cloud Trace.');

export const kiali = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Installs Kiali, read-only, for people with access to the cluster.'),
    chartRepository: z
      .string()
      .regex(/^(https?|oci):\/\/\S+$/, "must be a chart repository such as 'https://kiali.org/helm-charts'")
      .default('https://kiali.org/helm-charts')
      .describe('Repository from which Terraform fetches the chart, at plan time already.'),
    chartVersion: z
      .string()
      .regex(/^\d+\.\d+\.\d+$/, "must be a version such as '2.21.0'")
      .default('2.21.0')
      .describe('Version of the chart and of the image.'),
  })
  .prefault({})
  .describe('Kiali. With the managed control plane it shows traffic only; Google does not support it.');

export const rollbackController = z
  .strictObject({
    startsPipeline: z
      .boolean()
      .default(false)
      .describe(
        "true starts cloudbuild.yaml after a pause or rollback, so that Terraform's state is updated at once. The repository in mesh.yaml must be connected to Cloud Build. With false, the next apply updates the state.",
      ),
  })
  .prefault({})
  .describe('Controller that pauses and rolls back canaries.');
