/** What the platform team writes in `mesh-config/environments/<name>.yaml`. */
import { z } from 'zod';
import { cluster, images } from './environment-cluster-schema';
import { database, rollbackController, keys, kiali, logs, secrets } from './environment-data-schema';
import { dns, edge, network } from './environment-network-schema';
import { dnsName, emailAddress, hostName, httpsUrl, ipv4Cidr, uniqueList } from './primitives';
import { waivers } from './waiver-schema';

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
    edge,
    dns,
    cluster,
    database,
    state,
    images,
    keys,
    secrets,
    logs,
    kiali,
    rollbackController,
    notifications: z
      .strictObject({
        page: z.array(emailAddress).min(1).describe('Woken at night.'),
        ticket: z.array(emailAddress).min(1).describe('Read in the morning.'),
        owners: z
          .record(
            dnsName,
            z.strictObject({
              page: z.array(emailAddress).min(1).optional(),
              ticket: z.array(emailAddress).min(1).optional(),
            }),
          )
          .default({})
          .describe('Teams that are told of what they own themselves, in place of the general addresses.'),
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
    waivers,
  })
  .describe('One environment.');

export type EnvironmentSpec = z.output<typeof environmentSchema>;
