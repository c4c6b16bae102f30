/** Data at rest: what an environment file says about database, keys, secrets and logs. */
import { z } from 'zod';

export const database = z
  .strictObject({
    engine: z.enum(['alloydb', 'cloud-sql']).default('alloydb').describe('Changing it does not move data.'),
    connectivity: z
      .enum(['private-service-connect', 'private-services-access'])
      .default('private-service-connect')
      .describe(
        'private-services-access peers networks, and a peering can outlive the database; changing it replaces the database.',
      ),
    cpuCount: z
      .int()
      .min(1)
      .max(96)
      .describe('Processors of the primary. Changing it restarts the database.'),
    availability: z
      .enum(['regional', 'zonal'])
      .default('regional')
      .describe('zonal has no standby: a zone failure is an outage.'),
    backupRetentionDays: z
      .int()
      .min(7)
      .max(365)
      .default(35)
      .describe('How long a daily backup is kept. Storage is billed.'),
    recoveryWindowDays: z
      .int()
      .min(1)
      .max(35)
      .default(14)
      .describe('How far back a point-in-time restore reaches.'),
  })
  .describe('PostgreSQL of order-management.');

export const keys = z
  .strictObject({
    ring: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be letters, digits, _ or -')
      .default('mesh')
      .describe(
        'Name of the key ring. A ring can never be deleted nor its name be used again: a rebuilt environment takes a new one.',
      ),
    rotationDays: z
      .int()
      .min(1)
      .max(365)
      .default(90)
      .describe('Age at which a key gets a new version. Old versions still decrypt what they encrypted.'),
    protection: z
      .enum(['SOFTWARE', 'HSM'])
      .default('SOFTWARE')
      .describe('HSM keeps keys in hardware, at a higher price an operation.'),
  })
  .prefault({})
  .describe('Keys of everything at rest, held by the shop and not by Google alone.');

export const secrets = z
  .strictObject({
    rotationDays: z
      .int()
      .min(1)
      .max(365)
      .default(90)
      .describe(
        'How often a ticket asks for a new value of each secret. The value itself is made by people.',
      ),
  })
  .prefault({})
  .describe('Values in Secret Manager.');

export const logs = z
  .strictObject({
    retentionDays: z
      .int()
      .min(1)
      .max(3_650)
      .default(400)
      .describe('How long evidence is kept. PCI DSS 10.5.1 asks for a year. Storage is billed.'),
    locked: z
      .boolean()
      .default(false)
      .describe(
        'true can never be undone: nobody, not even an owner, shortens retention or deletes the bucket before its logs have expired.',
      ),
  })
  .prefault({})
  .describe('The bucket of audit, access and network logs.');

export const kiali = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Graph of the mesh, read-only, for people with access to the cluster.'),
    chartRepository: z
      .string()
      .regex(/^(https?|oci):\/\/\S+$/, 'must be a chart repository')
      .default('https://kiali.org/helm-charts')
      .describe('Where Terraform fetches the chart, at plan already.'),
    chartVersion: z
      .string()
      .regex(/^\d+\.\d+\.\d+$/, "must be a version such as '2.21.0'")
      .default('2.21.0')
      .describe('Version of chart and image.'),
  })
  .prefault({})
  .describe('Kiali. Google does not support it with the managed control plane: it shows traffic only.');

export const rollbackController = z
  .strictObject({
    startsPipeline: z
      .boolean()
      .default(false)
      .describe(
        "true starts cloudbuild.yaml after a canary was paused or rolled back, so that Terraform's state follows at once. mesh.yaml's repository must have been connected to Cloud Build. Left out, the next apply finds the weights as they should be.",
      ),
  })
  .prefault({})
  .describe('What pauses and rolls back canaries.');
