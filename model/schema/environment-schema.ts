/** What the platform team writes in `mesh-config/environments/<name>.yaml`. */
import { z } from 'zod';
import {
  dnsName,
  emailAddress,
  hostName,
  httpsUrl,
  imageReference,
  ipv4Address,
  ipv4Cidr,
  uniqueList,
} from './primitives';

const project = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/, 'must be a Google project id')
      .describe('Google project. One environment each: the mesh feature is a singleton of its fleet.'),
    number: z
      .string()
      .regex(/^[1-9]\d{5,18}$/, "must be the project number in quotes, such as '123456789012'")
      .describe('Number of the same project; Workload Identity principals are named by it.'),
  })
  .describe('Where everything of this environment lives.');

const jwt = z
  .strictObject({
    issuer: httpsUrl.describe("Value of the token's 'iss' claim."),
    jwksUri: httpsUrl.describe('Public keys of the issuer. Fetched by the proxies.'),
    jwksCidrs: z
      .array(ipv4Cidr)
      .default([])
      .describe('Addresses of a jwksUri outside googleapis.com; network policy opens exactly these.'),
    audiences: uniqueList(z.string().min(1).max(200)).describe("Accepted values of the token's 'aud' claim."),
  })
  .describe('End-user tokens accepted at the gateway and at services whose routes require them.');

const network = z
  .strictObject({
    nodesCidr: ipv4Cidr.describe('Primary range of the subnet. Cannot shrink.'),
    podsCidr: ipv4Cidr.describe(
      'Secondary range of pods: 256 addresses a node. Cannot be changed without a new cluster.',
    ),
    servicesCidr: ipv4Cidr.describe('Secondary range of Services. Cannot be changed without a new cluster.'),
    databaseEndpointIp: ipv4Address.describe('Address in nodesCidr of the private endpoint of the database.'),
  })
  .describe('Addresses. Must not overlap with networks this one is ever connected to.');

const cluster = z
  .strictObject({
    mode: z.enum(['standard', 'autopilot']).default('standard').describe('Changing it replaces the cluster.'),
    location: z
      .enum(['regional', 'zonal'])
      .default('regional')
      .describe('zonal has one control plane, at a third of the node cost.'),
    releaseChannel: z
      .enum(['RAPID', 'REGULAR', 'STABLE'])
      .default('REGULAR')
      .describe('Also decides the mesh version.'),
    nodes: z
      .strictObject({
        machineType: z
          .string()
          .regex(/^[a-z]\d[a-z]?-[a-z]+-\d+$/, "must be a machine type such as 'e2-standard-4'"),
        minPerZone: z.int().min(0).max(100),
        maxPerZone: z.int().min(1).max(1_000),
        diskGiB: z.int().min(30).max(1_000).default(100),
        spot: z.boolean().default(false).describe('Cheap nodes that Google may take away at any time.'),
      })
      .optional()
      .describe('Needed in standard mode; Autopilot sizes nodes itself.'),
    maintenance: z
      .strictObject({
        startTimeUtc: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as '02:00'")
          .default('02:00'),
        durationHours: z.int().min(4).max(24).default(6),
        days: uniqueList(z.enum(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])).default([
          'MO',
          'TU',
          'WE',
          'TH',
        ]),
      })
      .prefault({})
      .describe('When Google may upgrade control plane and nodes.'),
  })
  .prefault({});

const database = z.strictObject({
  engine: z.enum(['alloydb', 'cloud-sql']).default('alloydb').describe('Changing it does not move data.'),
  cpuCount: z.int().min(1).max(96),
  availability: z
    .enum(['regional', 'zonal'])
    .default('regional')
    .describe('zonal has no standby: a zone failure is an outage.'),
  backupRetentionDays: z.int().min(7).max(365).default(35),
  recoveryWindowDays: z
    .int()
    .min(1)
    .max(35)
    .default(14)
    .describe('How far back a point-in-time restore reaches.'),
});

const state = z
  .discriminatedUnion('backend', [
    z.strictObject({ backend: z.literal('local') }),
    z.strictObject({
      backend: z.literal('gcs'),
      bucket: z.string().regex(/^[a-z0-9][-_.a-z0-9]{1,61}[a-z0-9]$/, 'must be a bucket name'),
    }),
  ])
  .prefault({ backend: 'local' })
  .describe('Where Terraform keeps its state. local is for trying out; pipelines refuse it.');

export const environmentSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: dnsName
      .max(12, 'must be at most 12 characters')
      .describe('Equals the file name; prefix of the stack ids.'),
    production: z
      .boolean()
      .default(false)
      .describe('true turns every safety on that costs money or convenience.'),
    project,
    region: z.string().regex(/^[a-z]+-[a-z]+\d+$/, "must be a region such as 'europe-west1'"),
    zones: uniqueList(z.string().regex(/^[a-z]$/, "must be a zone letter such as 'b'")).describe(
      'Letters of the zones that are used.',
    ),
    domainNames: z
      .strictObject({
        web: hostName.describe('Pages of the shop.'),
        api: hostName.describe('API of the shop.'),
      })
      .describe('Public host names.'),
    ingress: z
      .strictObject({
        hopEncryption: z
          .enum(['certificate', 'network'])
          .default('certificate')
          .describe(
            "From load balancer to ingress gateway: 'certificate' adds TLS with a key mounted from Secret Manager, 'network' relies on Google's encryption inside the VPC.",
          ),
        minReplicas: z.int().min(1).max(100).default(2),
        maxReplicas: z.int().min(1).max(100).default(10),
      })
      .prefault({}),
    egress: z
      .strictObject({
        minReplicas: z.int().min(1).max(100).default(2),
        maxReplicas: z.int().min(1).max(100).default(5),
      })
      .prefault({}),
    jwt,
    network,
    cluster,
    database,
    state,
    images: z
      .strictObject({
        requireDigest: z
          .boolean()
          .default(true)
          .describe('Refuse images that are named by a tag: a tag can move after review.'),
        sample: imageReference
          .optional()
          .describe(
            'Public sample container for services that have no image yet: answers HTTP and calls its back ends.',
          ),
      })
      .prefault({}),
    notifications: z
      .strictObject({
        page: z.array(emailAddress).min(1).describe('Woken at night.'),
        ticket: z.array(emailAddress).min(1).describe('Read in the morning.'),
      })
      .describe('Who is told.'),
    deletionProtection: z
      .boolean()
      .default(true)
      .describe('Terraform refuses to delete the cluster and the database.'),
    services: z
      .record(dnsName, z.record(z.string(), z.unknown()))
      .default({})
      .describe('Sparse changes of services in this environment, in the words of the service file.'),
  })
  .describe('One environment.');

export type EnvironmentSpec = z.output<typeof environmentSchema>;
